// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/daemon.h"

#include "gateway/authentication/authenticator.h"
#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/detections/detection_writer.h"
#include "gateway/file_watch.h"
#include "gateway/gateway_host.h"
#include "gateway/in_force_source.h"
#include "gateway/metrics.h"
#include "gateway/metrics_server.h"
#include "gateway/milter/listening_socket.h"
#include "gateway/milter/milter_server.h"
#include "gateway/session/judge.h"
#include "gateway/settings.h"
#include "gateway/signals.h"
#include "gateway/snapshot/current_generation.h"
#include "gateway/snapshot/open_generation.h"
#include "policy/config/problems.h"
#include "policy/event.h"
#include "policy/exit_status.h"
#include "policy/result.h"
#include "policy/snapshot/manifest.h"
#include "policy/verdict/policy.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway {
namespace {

using policy::EventId;
using policy::EventLog;
using policy::ExitStatus;

// A new generation is used within two seconds, however it got there.
constexpr auto kPollInterval = std::chrono::seconds{1};
// libmilter sends the last reply after our callback has returned.
constexpr auto kQuietTime = std::chrono::milliseconds{100};
constexpr auto kDrainStep = std::chrono::milliseconds{20};

// Looks after what is in force: finds changes, logs and counts what became of them.
class Refresher {
 public:
  Refresher(InForceSource& source, Metrics& metrics, const EventLog& log)
      : source_(source), metrics_(metrics), log_(log) {}

  void refresh_policy(bool even_if_unchanged) { report(source_.refresh_policy(even_if_unchanged)); }

  void report(const PolicyReload& reload) {
    if (reload.outcome == PolicyReload::Outcome::kUnchanged) {
      return;
    }
    if (tell_problems(reload, EventId::kPolicyRefused)) {
      metrics_.count_reload_failure("policy");
      return;
    }
    const InForce in_force = source_.get();
    metrics_.set_policy(*in_force.policy);
    log_.write(EventId::kPolicyReloaded,
               {{.key = "policy", .value = std::string_view{in_force.policy->digest()}},
                {.key = "rules", .value = std::uint64_t{in_force.policy->rules().size()}},
                {.key = "mode", .value = word(in_force.policy->mode())}});
  }

  void refresh_outbound_tenants(bool even_if_unchanged) {
    const PolicyReload reload = source_.refresh_outbound_tenants(even_if_unchanged);
    if (reload.outcome == PolicyReload::Outcome::kUnchanged) {
      return;
    }
    if (tell_problems(reload, EventId::kOutboundTenantsRefused)) {
      metrics_.count_reload_failure("outbound_tenants");
      return;
    }
    const InForce in_force = source_.get();
    log_.write(
        EventId::kOutboundTenantsRead,
        {{.key = "tenants", .value = std::uint64_t{in_force.outbound_tenants->all().size()}}});
  }

  void refresh_snapshot() {
    const auto before = source_.snapshot_facts().generation;
    const Refresh refresh = source_.refresh_snapshot();
    const auto facts = source_.snapshot_facts();
    switch (refresh.outcome) {
      case RefreshOutcome::kUnchanged: break;
      case RefreshOutcome::kSwapped: log_opened(before.get(), *facts.generation); break;
      case RefreshOutcome::kRefused:
        metrics_.count_reload_failure("snapshot");
        log_.write(EventId::kSnapshotRefused,
                   {{.key = "error", .value = std::string_view{refresh.error.message}}});
        break;
      case RefreshOutcome::kMissing:
        log_.write(EventId::kSnapshotMissing,
                   {{.key = "error", .value = std::string_view{refresh.error.message}}});
        break;
    }
    if (facts.generation != nullptr) {
      const policy::Manifest& manifest = facts.generation->manifest();
      metrics_.set_snapshot(manifest.generation, manifest.records.names, facts.age);
    }
  }

 private:
  // Whether what was read is refused; its problems are told as this event then.
  [[nodiscard]] bool tell_problems(const PolicyReload& reload, EventId refusal) const {
    const bool is_refused = reload.outcome == PolicyReload::Outcome::kRefused;
    for (const policy::Problem& problem : reload.problems.all()) {
      const std::string text = format_problem(problem);
      log_.write(is_refused ? refusal : EventId::kConfigurationWarning,
                 {{.key = "problem", .value = std::string_view{text}}});
    }
    return is_refused;
  }

  void log_opened(const OpenGeneration* before, const OpenGeneration& opened) const {
    const policy::Manifest& manifest = opened.manifest();
    log_.write(EventId::kSnapshotOpened,
               {{.key = "generation", .value = std::uint64_t{manifest.generation}},
                {.key = "people", .value = std::uint64_t{manifest.records.people}},
                {.key = "names", .value = std::uint64_t{manifest.records.names}},
                {.key = "organizations", .value = std::uint64_t{manifest.organizations.size()}}});
    if (before != nullptr && manifest.generation < before->manifest().generation) {
      log_.write(EventId::kSnapshotOlder,
                 {{.key = "before", .value = std::uint64_t{before->manifest().generation}},
                  {.key = "now", .value = std::uint64_t{manifest.generation}}});
    }
  }

  InForceSource& source_;
  Metrics& metrics_;
  const EventLog& log_;
};

std::string why_not_ready(const InForceSource& source) {
  return source.snapshot_facts().generation != nullptr
             ? std::string{}
             : "there is no snapshot; start fromguard-directory";
}

// Null where no address is configured.
policy::Result<std::unique_ptr<MetricsServer>> serve_metrics(const Settings& settings,
                                                             Metrics& metrics,
                                                             const InForceSource& source) {
  if (!settings.metrics.has_value()) {
    return nullptr;
  }
  return MetricsServer::start(*settings.metrics,
                              {.metrics = [&metrics] { return metrics.text(); },
                               .why_not_ready = [&source] { return why_not_ready(source); }});
}

policy::Result<std::unique_ptr<Authenticator>> start_authenticator(const Settings& settings,
                                                                   Metrics& metrics,
                                                                   const EventLog& log) {
  AuthenticationSettings authentication;
  authentication.dns = settings.dns;
  authentication.dns.on_question = [&metrics](std::chrono::steady_clock::duration time, DnsStatus) {
    metrics.count_dns_question(time);
  };
  authentication.on_helper_failure = [&log] { log.write(EventId::kHelperFailed, {}); };
  return Authenticator::start(std::move(authentication));
}

// Null where none are kept.
std::unique_ptr<DetectionWriter> start_detections(const Settings& settings,
                                                  Metrics& metrics,
                                                  const EventLog& log) {
  if (!settings.detections.has_value()) {
    return nullptr;
  }
  DetectionReports reports;
  reports.on_dropped = [&metrics](std::uint64_t records) {
    metrics.count_dropped_detections(records);
  };
  reports.on_failure = [&metrics, &log](const policy::Error& error, bool is_new) {
    metrics.count_detection_failure();
    if (is_new) {
      log.write(EventId::kDetectionsFailed,
                {{.key = "error", .value = std::string_view{error.message}}});
    }
  };
  reports.on_recovery = [&log] { log.write(EventId::kDetectionsResumed, {}); };
  reports.on_early_removal = [&metrics, &log](std::int64_t before, bool is_new) {
    metrics.count_early_removal();
    if (is_new) {
      log.write(EventId::kDetectionsRemovedEarly, {{.key = "before", .value = before}});
    }
  };
  DetectionWriterSettings writer;
  writer.folder = *settings.detections;
  writer.retention = settings.keep_detections;
  return std::make_unique<DetectionWriter>(std::move(writer), std::move(reports));
}

ExitStatus fail_to_listen(const EventLog& log, const policy::Error& error) {
  log.write(EventId::kListenFailed, {{.key = "error", .value = std::string_view{error.message}}});
  return error.code == policy::ErrorCode::kInvalidInput ? ExitStatus::kConfiguration
                                                        : ExitStatus::kUnavailable;
}

// Waits for signals and changes, until told to stop.
void watch(const Signals& signals,
           const Settings& settings,
           Refresher& refresher,
           const MilterServer& server,
           Metrics& metrics) {
  const FileWatch changes;
  while (true) {
    // Added again each time: a folder may have come since.
    changes.add_folder(settings.snapshot);
    changes.add_folder(settings.policy.parent_path());
    changes.add_folder(settings.outbound_tenants.parent_path());
    std::array<pollfd, 2> waiting{
        pollfd{.fd = signals.descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = changes.descriptor(), .events = POLLIN, .revents = 0}};
    server.relieve();
    constexpr int kTimeout = static_cast<int>(std::chrono::milliseconds{kPollInterval}.count());
    ::poll(waiting.data(), waiting.size(), kTimeout);
    if (changes.descriptor() >= 0) {
      changes.drain();
    }
    const Signals::Taken taken = signals.take();
    if (taken.stop) {
      return;
    }
    refresher.refresh_policy(taken.reload);
    refresher.refresh_outbound_tenants(taken.reload);
    refresher.refresh_snapshot();
    metrics.set_connections(server.connections());
  }
}

void drain(ListeningSocket& socket,
           MilterServer& server,
           std::chrono::milliseconds most,
           const EventLog& log) {
  if (const auto stopped = socket.stop_accepting(); !stopped.has_value()) {
    log.write(EventId::kInternalError,
              {{.key = "error", .value = std::string_view{stopped.error().message}}});
  }
  const auto deadline = std::chrono::steady_clock::now() + most;
  auto last_busy = std::chrono::steady_clock::now();
  for (auto now = last_busy; now < deadline && now - last_busy < kQuietTime;
       now = std::chrono::steady_clock::now()) {
    if (server.messages_in_flight() > 0) {
      last_busy = now;
    }
    server.relieve();
    std::this_thread::sleep_for(kDrainStep);
  }
  server.stop();
}

// Where what happens is told.
struct Reporting {
  Metrics& metrics;
  const EventLog& log;
};

// Serves MTAs until a signal says that it is enough, then lets messages in flight come to their
// end.
ExitStatus serve(const Settings& settings,
                 const Signals& signals,
                 Refresher& refresher,
                 GatewayHost& host,
                 const Reporting& reporting) {
  const EventLog& log = reporting.log;
  auto socket = ListeningSocket::open(settings.listen, settings.socket_group);
  if (!socket.has_value()) {
    return fail_to_listen(log, socket.error());
  }
  MilterServer server{*socket, settings.session, host, log, settings.connections};
  if (const auto prepared = server.prepare(); !prepared.has_value()) {
    return fail_to_listen(log, prepared.error());
  }
  policy::Result<void> served;
  std::thread serving{[&] {
    served = server.run();
    if (!served.has_value()) {
      ::kill(::getpid(), SIGTERM);
    }
  }};
  signals.let_through();
  const std::string listen = settings.listen.text();
  log.write(EventId::kStarted,
            {{.key = "version", .value = std::string_view{FROMGUARD_VERSION}},
             {.key = "listen", .value = std::string_view{listen}}});

  watch(signals, settings, refresher, server, reporting.metrics);

  log.write(EventId::kStopping,
            {{.key = "messages_in_flight", .value = std::uint64_t{server.messages_in_flight()}}});
  drain(*socket, server, settings.drain, log);
  serving.join();
  socket->forget_descriptor();
  log.write(EventId::kStopped, {});
  return served.has_value() ? ExitStatus::kDone : ExitStatus::kInternal;
}

}  // namespace

ExitStatus run_daemon(const Settings& settings) {
  const Signals signals;
  const EventLog log{settings.log_level, settings.log_format};
  Metrics metrics;
  // What is kept of mail is for this daemon's user and group alone.
  ::umask(S_IWGRP | S_IRWXO);

  // What messages are judged by; without a policy there is nothing to serve.
  InForceSource source{{.policy = settings.policy,
                        .decorations = settings.decorations,
                        .delegated_senders = settings.delegated_senders,
                        .outbound_tenants = settings.outbound_tenants},
                       settings.snapshot,
                       settings.stale_after};
  Refresher refresher{source, metrics, log};
  const PolicyReload first = source.refresh_policy(true);
  if (first.outcome == PolicyReload::Outcome::kRefused) {
    std::cerr << first.problems.text();
    return ExitStatus::kConfiguration;
  }
  refresher.report(first);
  refresher.refresh_outbound_tenants(true);
  refresher.refresh_snapshot();

  // What people and monitoring look at.
  const auto metrics_server = serve_metrics(settings, metrics, source);
  if (!metrics_server.has_value()) {
    return fail_to_listen(log, metrics_server.error());
  }

  const auto authenticator = start_authenticator(settings, metrics, log);
  if (!authenticator.has_value()) {
    log.write(EventId::kAuthenticationFailed,
              {{.key = "error", .value = std::string_view{authenticator.error().message}}});
    return policy::exit_status_of(authenticator.error().code);
  }

  // What MTAs talk to.
  const auto detections = start_detections(settings, metrics, log);
  GatewayHost host{source, **authenticator, detections.get(), metrics, log};
  return serve(settings, signals, refresher, host, {.metrics = metrics, .log = log});
}

}  // namespace gateway

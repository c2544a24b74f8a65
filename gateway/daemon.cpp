// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/daemon.h"

#include "gateway/authentication/authenticator.h"
#include "gateway/authentication/dns/dns_answer.h"
#include "gateway/detections/detection_writer.h"
#include "gateway/gateway_host.h"
#include "gateway/hand_over/inheritance.h"
#include "gateway/hand_over/predecessor.h"
#include "gateway/hand_over/successor.h"
#include "gateway/in_force_source.h"
#include "gateway/metrics.h"
#include "gateway/metrics_server.h"
#include "gateway/milter/listening_socket.h"
#include "gateway/refresher.h"
#include "gateway/service.h"
#include "gateway/service_manager.h"
#include "gateway/settings.h"
#include "gateway/signals.h"
#include "policy/detection_record/detection_record.h"
#include "policy/event.h"
#include "policy/exit_status.h"
#include "policy/result.h"

#include <chrono>
#include <cstdint>
#include <expected>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway {
namespace {

using policy::EventId;
using policy::EventLog;
using policy::ExitStatus;

std::string why_not_ready(const InForceSource& source) {
  return source.snapshot_facts().generation != nullptr
             ? std::string{}
             : "there is no snapshot; start fromguard-directory";
}

// Null where no address is configured.
policy::Result<std::unique_ptr<MetricsServer>> serve_metrics(const Settings& settings,
                                                             Metrics& metrics,
                                                             const InForceSource& source,
                                                             const Predecessor* predecessor) {
  const int inherited = predecessor != nullptr ? predecessor->inheritance().metrics : -1;
  if (!settings.metrics.has_value()) {
    if (inherited >= 0) {
      ::close(inherited);
    }
    return nullptr;
  }
  return MetricsServer::start(*settings.metrics,
                              {.metrics = [&metrics] { return metrics.text(); },
                               .why_not_ready = [&source] { return why_not_ready(source); }},
                              inherited);
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

// The predecessor's or systemd's, where there is one.
policy::Result<ListeningSocket> listen_for_mtas(const Settings& settings,
                                                const Predecessor* predecessor) {
  if (predecessor != nullptr) {
    const Inheritance& inheritance = predecessor->inheritance();
    auto socket = ListeningSocket::adopt(inheritance.milter, settings.listen, inheritance.is_lent);
    // The configuration may have another address by now. One of systemd's is not for us to change.
    if (socket.has_value() || inheritance.is_lent) {
      return socket;
    }
    return ListeningSocket::open(settings.listen, settings.socket_group);
  }
  const auto made = service_manager::take_listening_socket();
  if (!made.has_value()) {
    return std::unexpected{made.error()};
  }
  if (const std::optional<int>& descriptor = *made; descriptor.has_value()) {
    return ListeningSocket::adopt(*descriptor, settings.listen, true);
  }
  return ListeningSocket::open(settings.listen, settings.socket_group);
}

// What the predecessor finds in its last sessions.
void listen_to(Predecessor& predecessor, DetectionWriter* detections) {
  predecessor.listen([detections](const std::string& line) {
    auto record = policy::decode_detection(line);
    if (record.has_value() && detections != nullptr) {
      static_cast<void>(detections->keep(*std::move(record)));
    }
  });
}

// What a gateway begins with; all outlives what is made of it.
struct Beginning {
  const Settings& settings;
  const StartedAs& started_as;
  const Signals& signals;
  InForceSource& source;
  Refresher& refresher;
  Metrics& metrics;
  const EventLog& log;
};

// Opens everything, takes its turn where there is a predecessor, and serves.
ExitStatus open_and_serve(const Beginning& beginning, std::unique_ptr<Predecessor> predecessor) {
  const auto& [settings, started_as, signals, source, refresher, metrics, log] = beginning;
  // What people and monitoring look at.
  auto metrics_server = serve_metrics(settings, metrics, source, predecessor.get());
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
  auto socket = listen_for_mtas(settings, predecessor.get());
  if (!socket.has_value()) {
    return fail_to_listen(log, socket.error());
  }
  // The successor gets the last detections, the predecessor gives its own.
  std::unique_ptr<Successor> successor;
  if (predecessor != nullptr) {
    predecessor->wait_for_turn();
  }
  const auto detections = start_detections(settings, metrics, log);
  if (predecessor != nullptr) {
    listen_to(*predecessor, detections.get());
  }
  GatewayHost host{source, **authenticator, detections.get(), metrics, log};
  Service service{{.settings = settings,
                   .started_as = started_as,
                   .signals = signals,
                   .refresher = refresher,
                   .host = host,
                   .detections = detections.get(),
                   .metrics_server = *metrics_server,
                   .predecessor = predecessor.get(),
                   .successor = successor,
                   .metrics = metrics,
                   .log = log},
                  *socket};
  const ExitStatus status = service.serve();
  predecessor.reset();
  return status;
}

}  // namespace

ExitStatus run_daemon(const Settings& settings) {
  // What a large message takes comes from the system and goes back to it. Left to itself, malloc
  // keeps more of it in each thread the larger messages have been.
  constexpr int kLarge = 128 * 1024;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is no other thread yet
  ::mallopt(M_MMAP_THRESHOLD, kLarge);
  const StartedAs started_as = StartedAs::of_this_process();
  std::unique_ptr<Predecessor> predecessor = Predecessor::of_this_process();
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
  if (predecessor != nullptr && predecessor->inheritance().has_snapshot &&
      !refresher.has_snapshot()) {
    // Said above, as snapshot_refused or snapshot_missing. The predecessor has one in memory.
    return ExitStatus::kUnavailable;
  }
  return open_and_serve({.settings = settings,
                         .started_as = started_as,
                         .signals = signals,
                         .source = source,
                         .refresher = refresher,
                         .metrics = metrics,
                         .log = log},
                        std::move(predecessor));
}

}  // namespace gateway

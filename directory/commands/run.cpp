// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/run.h"

#include "directory/accounts/access_control.h"
#include "directory/accounts/set_up.h"
#include "directory/api/api.h"
#include "directory/api/site.h"
#include "directory/clock.h"
#include "directory/commands/daemon.h"
#include "directory/commands/failure_status.h"
#include "directory/console/console_site.h"
#include "directory/detections/detections.h"
#include "directory/detections/following.h"
#include "directory/http/certificate_watch.h"
#include "directory/http/server.h"
#include "directory/mail_check/watching.h"
#include "directory/messages/pulling.h"
#include "directory/metrics/metrics_site.h"
#include "directory/posture/scanning.h"
#include "directory/provisioning/verification.h"
#include "directory/service_manager.h"
#include "directory/settings.h"
#include "directory/sync/round_outcome.h"
#include "directory/sync/synchronizer.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/exit_status.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGUSR1 is POSIX
#include <unistd.h>

namespace directory {
namespace {

namespace asio = boost::asio;
using policy::ExitStatus;

ExitStatus report(const policy::Error& error) {
  fmt::print(stderr, "fromguard-directory: {}\n", error.message);
  switch (error.code) {
    case policy::ErrorCode::kBusy: return ExitStatus::kTemporary;
    case policy::ErrorCode::kInvalidInput: return ExitStatus::kBadData;
    default: return ExitStatus::kCannotCreate;
  }
}

// Listens where the settings say. The servers end before the daemon does.
struct Servers {
  std::unique_ptr<HttpServer> socket;
  std::unique_ptr<HttpServer> site;
  std::unique_ptr<CertificateWatch> certificate;  // of `site`, if it speaks TLS
  std::unique_ptr<HttpServer> metrics;
};

policy::Result<Servers> serve(const Executor& executor,
                              const Settings& settings,
                              const std::filesystem::path& folder,
                              Daemon& daemon,
                              const policy::EventLog& log) {
  Servers servers;
  const ApiServices services{.database = &daemon.database(),
                             .content = &daemon.content(),
                             .records = &daemon.records(),
                             .jobs = &daemon.jobs(),
                             .control = &daemon.synchronizer(),
                             .events = &daemon.events(),
                             .settings = &settings,
                             .detections = daemon.detections(),
                             .folder = folder,
                             .access = &daemon.access(),
                             .domain_watch = &daemon.domain_watch(),
                             .connectors = &daemon.provisioner(),
                             .posture = &daemon.posture(),
                             .notify = &daemon.notifier(),
                             .pulls = &daemon.pulls(),
                             .log = &log};
  auto socket = HttpServer::listen_unix(
      executor, settings.api.socket, kApiGroup, make_socket_handler(services));
  if (!socket.has_value()) {
    return std::unexpected{std::move(socket).error()};
  }
  servers.socket = *std::move(socket);
  if (!settings.api.listen_address.empty()) {
    auto site = HttpServer::listen(executor,
                                   {.host = settings.api.listen_address,
                                    .port = settings.api.listen_port,
                                    .tls = settings.api.tls},
                                   make_site_handler(services, make_console_handler()));
    if (!site.has_value()) {
      return std::unexpected{std::move(site).error()};
    }
    servers.site = *std::move(site);
  }
  if (const auto& tls = settings.api.tls; tls.has_value() && servers.site != nullptr) {
    servers.certificate = std::make_unique<CertificateWatch>(
        executor,
        CertificateWatch::Settings{.server = servers.site.get(), .log = &log, .files = *tls});
  }
  if (const auto& address = settings.metrics; address.has_value()) {
    auto metrics = HttpServer::listen(executor,
                                      {.host = address->host, .port = address->port, .tls = {}},
                                      make_metrics_handler({.control = &daemon.synchronizer(),
                                                            .content = &daemon.content(),
                                                            .posture = &daemon.posture(),
                                                            .notify = &daemon.notifier(),
                                                            .records = &daemon.records(),
                                                            .jobs = &daemon.jobs(),
                                                            .snapshots = settings.snapshots}));
    if (!metrics.has_value()) {
      return std::unexpected{std::move(metrics).error()};
    }
    servers.metrics = *std::move(metrics);
  }
  return servers;
}

// Ends the loop on SIGTERM and SIGINT; SIGUSR1 makes everything due and reads the certificate.
class SignalWatch {
 public:
  SignalWatch(asio::io_context& loop, Synchronizer& synchronizer)
      : loop_(loop), synchronizer_(synchronizer), signals_(loop, SIGTERM, SIGINT, SIGUSR1) {
    watch();
  }

  // Null for none; must live as long as the loop runs.
  void set_certificate(CertificateWatch* certificate) { certificate_ = certificate; }

 private:
  void watch() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) {
        return;
      }
      if (signal != SIGUSR1) {
        loop_.stop();
        return;
      }
      synchronizer_.make_all_due();
      if (certificate_ != nullptr) {
        certificate_->reload();
      }
      watch();
    });
  }

  asio::io_context& loop_;
  Synchronizer& synchronizer_;
  CertificateWatch* certificate_ = nullptr;
  asio::signal_set signals_;
};

// Sees once a minute to what is over: sessions, and minutes of failed sign-ins.
class AccessSweep {
 public:
  AccessSweep(asio::io_context& loop, AccessControl& access) : access_(access), timer_(loop) {
    wait();
  }

 private:
  void wait() {
    timer_.expires_after(std::chrono::minutes{1});
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) {
        return;
      }
      // What the disk refuses now is swept the next time; meanwhile it is not believed either.
      static_cast<void>(access_.sweep(now_in_seconds()));
      wait();
    });
  }

  AccessControl& access_;
  asio::steady_timer timer_;
};

// Tells systemd's watchdog twice within its time that the loop runs.
class AliveSign {
 public:
  explicit AliveSign(asio::io_context& loop)
      : interval_(service_manager::watchdog_interval()), timer_(loop) {
    tell();
  }

 private:
  void tell() {
    if (!interval_.has_value()) {
      return;
    }
    service_manager::tell_alive();
    timer_.expires_after(*interval_);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) {
        tell();
      }
    });
  }

  std::optional<std::chrono::microseconds> interval_;
  asio::steady_timer timer_;
};

// Makes the set-up link of this start. A person who watches gets it; no log ever does.
policy::Result<void> offer_set_up(AccessControl& access,
                                  const Settings& settings,
                                  const policy::EventLog& log) {
  const auto made = access.set_up().renew("fromguard-directory", now_in_seconds());
  if (!made.has_value()) {
    return std::unexpected{made.error()};
  }
  const std::optional<SetUpSecret>& secret = *made;
  if (!secret.has_value()) {
    return {};
  }
  log.write(policy::EventId::kSetUpWaits, {});
  if (::isatty(STDOUT_FILENO) == 1) {
    fmt::print("Make the first account, within a day: {}\n",
               set_up_link(console_url(settings.api), secret->secret));
  }
  return {};
}

}  // namespace

policy::ExitStatus run_once(const Settings& settings,
                            const std::filesystem::path& folder,
                            const policy::EventLog& log) {
  // The daemon is closed before the loop goes, and nothing runs on in between.
  asio::io_context loop{1};
  auto daemon = Daemon::open(loop.get_executor(), settings, folder, log);
  if (!daemon.has_value()) {
    return report(daemon.error());
  }
  RefreshResult result;
  std::exception_ptr failure;
  const auto take = [&](const std::exception_ptr& thrown, RefreshResult refreshed) {
    failure = thrown;
    result = std::move(refreshed);
  };
  asio::co_spawn(loop, (*daemon)->synchronizer().refresh_all(), take);
  loop.run();
  if (failure != nullptr) {
    std::rethrow_exception(failure);
  }
  for (const RoundFailure& each : result.failures) {
    fmt::print(stderr, "fromguard-directory: {}\n", each.error.message);
  }
  if (result.publish_failure.has_value()) {
    return failure_status(result.publish_failure->code);
  }
  if (!result.failures.empty()) {
    return failure_status(result.failures.front().error.code);
  }
  return ExitStatus::kDone;
}

policy::ExitStatus run(const Settings& settings,
                       const std::filesystem::path& folder,
                       const policy::EventLog& log) {
  asio::io_context loop{1};
  auto daemon = Daemon::open(loop.get_executor(), settings, folder, log);
  if (!daemon.has_value()) {
    return report(daemon.error());
  }
  Synchronizer& synchronizer = (*daemon)->synchronizer();
  if (auto offered = offer_set_up((*daemon)->access(), settings, log); !offered.has_value()) {
    return report(offered.error());
  }
  SignalWatch signals{loop, synchronizer};
  const AccessSweep sweep{loop, (*daemon)->access()};
  const auto servers = serve(loop.get_executor(), settings, folder, **daemon, log);
  if (!servers.has_value()) {
    return report(servers.error());
  }
  signals.set_certificate(servers->certificate.get());
  log.write(policy::EventId::kStarted, {{.key = "version", .value = FROMGUARD_VERSION}});
  synchronizer.start_schedule();
  asio::co_spawn(
      loop, watch_domains((*daemon)->domain_watch(), (*daemon)->records()), asio::detached);
  asio::co_spawn(loop, verify_connectors((*daemon)->provisioner()), asio::detached);
  asio::co_spawn(loop, scan_posture((*daemon)->posture()), asio::detached);
  asio::co_spawn(loop, go_on_with_pulls((*daemon)->pulls()), asio::detached);
  if (Detections* const detections = (*daemon)->detections(); detections != nullptr) {
    asio::co_spawn(loop, follow_detections(*detections, log), asio::detached);
  }
  (*daemon)->notifier().start(loop.get_executor());
  const AliveSign alive{loop};
  service_manager::tell_ready("serving admin commands at " + settings.api.socket.string());
  loop.run();
  service_manager::tell_stopping();
  log.write(policy::EventId::kStopped, {});
  return ExitStatus::kDone;
}

}  // namespace directory

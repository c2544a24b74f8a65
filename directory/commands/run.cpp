// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/run.h"

#include "directory/commands/failure_status.h"
#include "directory/commands/signals.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "directory/sync/refresher.h"
#include "directory/sync/schedule.h"
#include "policy/event.h"
#include "policy/exit_status.h"
#include "policy/result.h"

#include <chrono>
#include <cstdio>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGUSR1 is POSIX

namespace directory {
namespace {

using policy::ExitStatus;
using Clock = std::chrono::steady_clock;

// After this a generation that could not be written is tried again.
constexpr std::chrono::seconds kPublishRetry{60};

policy::Result<Publisher> open_publisher(const Settings& settings, const policy::EventLog& log) {
  auto publisher = Publisher::open({.state = settings.state,
                                    .snapshots = settings.snapshots,
                                    .keep_generations = settings.keep_generations},
                                   log);
  if (!publisher.has_value()) {
    fmt::print(stderr, "fromguard-directory: {}\n", publisher.error().message);
  }
  return publisher;
}

ExitStatus status_of_opening(policy::ErrorCode code) {
  return code == policy::ErrorCode::kBusy ? ExitStatus::kTemporary : ExitStatus::kCannotCreate;
}

// Waits for the next signal until a directory is due; nothing if one is.
policy::Result<std::optional<int>> wait(const Signals& signals, const Schedule& schedule) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(schedule.next() - Clock::now());
  return signals.wait(left);
}

}  // namespace

policy::ExitStatus run_once(const Settings& settings, const policy::EventLog& log) {
  auto publisher = open_publisher(settings, log);
  if (!publisher.has_value()) {
    return status_of_opening(publisher.error().code);
  }
  Refresher refresher{settings, *publisher, log};
  const RoundResult result = refresher.refresh(all_directories(settings));
  if (result.publish_failure.has_value()) {
    return failure_status(result.publish_failure->code);
  }
  if (!result.failed_directories.empty()) {
    return failure_status(result.failed_directories.front().code);
  }
  return ExitStatus::kDone;
}

policy::ExitStatus run(const Settings& settings, const policy::EventLog& log) {
  // First of all: RocksDB starts threads, which take over the blocked signals.
  const auto signals = Signals::watch({SIGTERM, SIGINT, SIGUSR1});
  if (!signals.has_value()) {
    log.write(policy::EventId::kInternalError,
              {{.key = "error", .value = signals.error().message}});
    return ExitStatus::kInternal;
  }
  auto publisher = open_publisher(settings, log);
  if (!publisher.has_value()) {
    return status_of_opening(publisher.error().code);
  }
  Refresher refresher{settings, *publisher, log};
  Schedule schedule{settings, Clock::now()};
  log.write(policy::EventId::kStarted, {{.key = "version", .value = FROMGUARD_VERSION}});
  while (true) {
    const auto signal = wait(*signals, schedule);
    if (!signal.has_value()) {
      log.write(policy::EventId::kInternalError,
                {{.key = "error", .value = signal.error().message}});
      return ExitStatus::kInternal;
    }
    if (*signal == SIGTERM || *signal == SIGINT) {
      log.write(policy::EventId::kStopped, {});
      return ExitStatus::kDone;
    }
    if (*signal == SIGUSR1) {
      schedule.make_all_due(Clock::now());
    }
    const auto due = schedule.take_due(Clock::now());
    if (!due.empty() && refresher.refresh(due).publish_failure.has_value()) {
      schedule.retry(due, Clock::now() + kPublishRetry);
    }
  }
}

}  // namespace directory

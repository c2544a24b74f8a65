// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/task.h"
#include "policy/result.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace directory {

/// How one sink stands.
struct SinkStanding {
  std::string name;
  std::string kind;                     ///< `webhook` or `mail`
  std::string target;                   ///< where it is, without what may be secret of its URL
  std::set<std::string> organizations;  ///< whose it is told; empty: all
  bool is_off = false;                  ///< its receiver wants no more, until the next start
  std::int64_t last_success = 0;        ///< seconds since 1970; 0: never
  std::int64_t last_failure = 0;
  std::string last_error;       ///< why the last attempt failed; empty if it did not
  std::uint64_t waiting = 0;    ///< that are to be delivered; counted up to `kMostWaiting`
  std::uint64_t skipped = 0;    ///< that were dropped undelivered since the sink is known, at least
  std::uint64_t delivered = 0;  ///< attempts that worked since the start
  std::uint64_t failed = 0;     ///< attempts that did not

  static constexpr std::uint64_t kMostWaiting = 1000;
};

/// What came of a test delivery.
struct SinkTest {
  std::string name;
  std::string kind;
  bool is_taken = false;
  std::string detail;  ///< what the receiver said, or why it did not
};

/// What the commands and the API ask of the sinks. To be used on the daemon's thread.
class NotifyControl {
 public:
  NotifyControl() = default;
  NotifyControl(const NotifyControl&) = delete;
  NotifyControl& operator=(const NotifyControl&) = delete;
  NotifyControl(NotifyControl&&) = delete;
  NotifyControl& operator=(NotifyControl&&) = delete;
  virtual ~NotifyControl() = default;

  /// All sinks, webhooks first, each kind in the order of directory.yaml.
  [[nodiscard]] virtual policy::Result<std::vector<SinkStanding>> standings() const = 0;

  /// Sends a test to the sink of this name and says what came of it. `kNotFound` if there is none.
  [[nodiscard]] virtual Task<policy::Result<SinkTest>> test(std::string name) = 0;
};

}  // namespace directory

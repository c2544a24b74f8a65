// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/state_database.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>

namespace directory {

/// Failed sign-ins for the audit log, counted: one entry for each client and account and minute,
/// and one for all others beyond a bound, however many there are. What is counted in the minute
/// under way is lost if the daemon is killed. To be used on one thread.
class FailureLog {
 public:
  static constexpr std::size_t kMostEntries = 30;  ///< in a minute

  /// The database must outlive the log.
  explicit FailureLog(StateDatabase& database) : database_(&database) {}

  FailureLog(const FailureLog&) = delete;
  FailureLog& operator=(const FailureLog&) = delete;
  FailureLog(FailureLog&&) = delete;
  FailureLog& operator=(FailureLog&&) = delete;

  /// Writes what is left.
  ~FailureLog();

  /// Counts a failure: `session.begin` of account `subject` by a client.
  void count(const std::string& action,
             const std::string& subject,
             const std::string& client,
             std::int64_t now);

  /// Writes the minutes that are over. What the disk refuses is written the next time.
  void flush(std::int64_t now);

 private:
  using Key = std::tuple<std::string, std::string, std::string>;

  void write();

  StateDatabase* database_;
  std::map<Key, std::uint64_t> counts_;
  std::int64_t since_ = 0;  // when the first of the counts was
};

}  // namespace directory

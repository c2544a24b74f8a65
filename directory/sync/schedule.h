// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "directory/sync/refresher.h"

#include <chrono>
#include <map>
#include <set>

namespace directory {

/// When each directory is to be read, by a clock that nobody can set.
class Schedule {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Every directory is due now, and then as often as the settings say. `settings` must outlive the
  /// schedule.
  Schedule(const Settings& settings, Time now);

  /// When the next directory is due.
  [[nodiscard]] Time next() const;

  /// The directories that are due, which are next due after their period.
  [[nodiscard]] std::set<DirectoryIndex> take_due(Time now);

  void make_all_due(Time now);

  /// Makes these due at `when`, unless they are sooner.
  void retry(const std::set<DirectoryIndex>& directories, Time when);

 private:
  const Settings* settings_;
  std::map<DirectoryIndex, Time> due_;
};

}  // namespace directory

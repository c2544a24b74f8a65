// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/schedule.h"

#include "directory/settings.h"
#include "directory/sync/refresher.h"

#include <algorithm>
#include <set>

namespace directory {

Schedule::Schedule(const Settings& settings, Time now) : settings_(&settings) {
  make_all_due(now);
}

Schedule::Time Schedule::next() const {
  Time next = Time::max();
  for (const auto& [index, time] : due_) {
    next = std::min(next, time);
  }
  return next;
}

std::set<DirectoryIndex> Schedule::take_due(Time now) {
  std::set<DirectoryIndex> taken;
  for (auto& [index, time] : due_) {
    if (time <= now) {
      const auto& organization = settings_->organizations[index.organization];
      time = now + organization.directories[index.directory].sync.every;
      taken.insert(index);
    }
  }
  return taken;
}

void Schedule::make_all_due(Time now) {
  for (const DirectoryIndex& index : all_directories(*settings_)) {
    due_[index] = now;
  }
}

void Schedule::retry(const std::set<DirectoryIndex>& directories, Time when) {
  for (const DirectoryIndex& index : directories) {
    due_[index] = std::min(due_[index], when);
  }
}

}  // namespace directory

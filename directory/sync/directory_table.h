// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <chrono>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace directory {

/// A directory that is in force, and what runs for it.
struct DirectoryEntry {
  using Time = std::chrono::steady_clock::time_point;

  std::shared_ptr<const DirectorySettings> settings;
  std::shared_ptr<Tenant> tenant;  ///< of an Office 365 directory, once it was needed
  bool is_running = false;
  Time due = Time::max();  ///< when it is synced by itself; `max`: not
};

/// The directories of all organizations.
class DirectoryTable {
 public:
  /// `log` must outlive the table.
  DirectoryTable(Executor executor, const policy::EventLog& log)
      : executor_(std::move(executor)), log_(&log) {}

  /// Takes over the directories of these organizations. One whose settings are the same goes on as
  /// it is; what is new is not due. Returns the keys of new and changed ones.
  std::vector<DirectoryKey> assign(const std::vector<OrganizationSettings>& organizations);

  /// The entry; `kNotFound` if there is none.
  [[nodiscard]] policy::Result<DirectoryEntry*> find(const DirectoryKey& key);

  /// The connection to the tenant of this Office 365 directory; `kInvalidInput` for another type.
  [[nodiscard]] policy::Result<std::shared_ptr<Tenant>> tenant(const DirectoryKey& key);

  [[nodiscard]] std::map<DirectoryKey, DirectoryEntry>& entries() { return entries_; }

  [[nodiscard]] const std::map<DirectoryKey, DirectoryEntry>& entries() const { return entries_; }

 private:
  Executor executor_;
  const policy::EventLog* log_;
  std::map<DirectoryKey, DirectoryEntry> entries_;
};

}  // namespace directory

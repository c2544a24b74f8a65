// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/sync/round_outcome.h"
#include "directory/sync/sync_control.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/event.h"

#include <memory>

namespace directory {

/// One sync of one directory. What is pointed to outlives it.
struct DirectorySync {
  DirectoryContent* content = nullptr;
  Records* records = nullptr;
  const policy::EventLog* log = nullptr;
  DirectoryKey key;
  std::shared_ptr<const DirectorySettings> settings;
  Tenant* tenant = nullptr;  ///< of an Office 365 directory
  SyncRequest request;
  RoundProgress progress;
};

/// Notes that the sync did not come to its end: state, log line and notification.
void note_failure(const DirectorySync& sync, const RoundFailure& failure);

/// Reads the directory, imports the tenant's domains, and notes what came of it: state, log line
/// and notification. It publishes nothing.
[[nodiscard]] Task<RoundResult> sync_directory(DirectorySync sync);

}  // namespace directory

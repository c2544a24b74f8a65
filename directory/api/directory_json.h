// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/jobs/jobs.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"

#include <boost/json/object.hpp>

namespace directory {

/// Adds what the directory is read from; no secrets are in it.
void add_source(boost::json::object& object, const DirectorySettings& directory);

/// Adds when it is read: `every_seconds` and `first`.
void add_schedule(boost::json::object& object, const SyncSettings& sync);

/// Whether a job of the directory runs.
[[nodiscard]] bool is_syncing(const Jobs& jobs, const DirectoryKey& key);

/// Whether any work on this directory is under way.
[[nodiscard]] bool has_running_job(const Jobs& jobs, const DirectoryKey& key);

}  // namespace directory

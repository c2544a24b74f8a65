// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/jobs/jobs.h"
#include "directory/notify/notify_control.h"
#include "directory/posture/posture_control.h"
#include "directory/store/directory_content.h"
#include "directory/store/records.h"
#include "directory/sync/sync_control.h"

#include <filesystem>
#include <string>

namespace directory {

/// What is measured. All of it outlives whoever reads it.
struct MetricsSources {
  const SyncControl* control = nullptr;
  const DirectoryContent* content = nullptr;
  const PostureControl* posture = nullptr;
  const NotifyControl* notify = nullptr;
  const Records* records = nullptr;
  const Jobs* jobs = nullptr;
  std::filesystem::path snapshots;  ///< of the settings
};

/// Everything in Prometheus' text format, as it is now: the generation in force, how old each
/// directory's people are, how Microsoft answers, what was found in each tenant, what waits for
/// people, and what the process takes. To be used on the daemon's thread.
[[nodiscard]] std::string metrics_text(const MetricsSources& sources);

}  // namespace directory

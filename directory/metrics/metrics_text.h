// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/notify/notify_control.h"
#include "directory/posture/posture_control.h"
#include "directory/store/directory_content.h"
#include "directory/sync/sync_control.h"

#include <string>

namespace directory {

/// What is measured. All of it outlives whoever reads it.
struct MetricsSources {
  const SyncControl* control = nullptr;
  const DirectoryContent* content = nullptr;
  const PostureControl* posture = nullptr;
  const NotifyControl* notify = nullptr;
};

/// Everything in Prometheus' text format, as it is now: how old each directory's people are, and
/// what was found in its tenant. To be used on the daemon's thread.
[[nodiscard]] std::string metrics_text(const MetricsSources& sources);

}  // namespace directory

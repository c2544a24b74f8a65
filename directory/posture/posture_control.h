// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/posture/scan_record.h"
#include "directory/store/directory_key.h"
#include "policy/result.h"

#include <cstdint>
#include <vector>

namespace directory {

/// How the scans of one directory stand.
struct PostureStanding {
  DirectoryKey key;
  ScanRecord record;
  std::uint64_t job = 0;  ///< that runs; 0: none
};

/// What the commands and the API ask of the scans. To be used on the daemon's thread.
class PostureControl {
 public:
  PostureControl() = default;
  PostureControl(const PostureControl&) = delete;
  PostureControl& operator=(const PostureControl&) = delete;
  PostureControl(PostureControl&&) = delete;
  PostureControl& operator=(PostureControl&&) = delete;
  virtual ~PostureControl() = default;

  /// The directories with the feature `posture`.
  [[nodiscard]] virtual policy::Result<std::vector<PostureStanding>> standings() const = 0;

  /// Begins a scan as a job, or goes on with the one that was interrupted, and gives the job's
  /// number. `kBusy` while one of this directory runs; `kInvalidInput` for a directory that is not
  /// scanned.
  [[nodiscard]] virtual policy::Result<std::uint64_t> start_scan(DirectoryKey key) = 0;
};

}  // namespace directory

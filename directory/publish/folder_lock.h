// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/descriptor.h"
#include "policy/result.h"

#include <filesystem>
#include <utility>

namespace directory {

/// Holds a file locked, so that one process alone works in a folder. The kernel releases it with
/// the process, however it ends.
class FolderLock {
 public:
  /// Locks `path`, which is made if need be; `kBusy` if another process holds it.
  [[nodiscard]] static policy::Result<FolderLock> acquire(const std::filesystem::path& path);

 private:
  explicit FolderLock(policy::Descriptor file) : file_(std::move(file)) {}

  policy::Descriptor file_;
};

}  // namespace directory

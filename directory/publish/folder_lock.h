// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <filesystem>

namespace directory {

/// Holds a file locked, so that one process alone works in a folder. The kernel releases it with
/// the process, however it ends.
class FolderLock {
 public:
  /// Locks `path`, which is made if need be; `kBusy` if another process holds it.
  [[nodiscard]] static policy::Result<FolderLock> acquire(const std::filesystem::path& path);

  FolderLock(FolderLock&& other) noexcept;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace directory

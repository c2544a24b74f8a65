// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/publish/folder_lock.h"

#include "policy/result.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace directory {

policy::Result<FolderLock> FolderLock::acquire(const std::filesystem::path& path) {
  // The C library declares open(2) with a variable number of arguments.
  FolderLock lock{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};  // NOLINT
  if (lock.descriptor_ < 0) {
    const int error = errno;
    return policy::fail(
        error == EACCES ? policy::ErrorCode::kDenied : policy::ErrorCode::kUnavailable,
        "open " + path.string() + ": " + std::generic_category().message(error));
  }
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    return policy::fail(policy::ErrorCode::kBusy,
                        path.string() +
                            " is locked: another fromguard-directory is running on this folder; "
                            "stop it first");
  }
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/publish/folder_lock.h"

#include "policy/descriptor.h"
#include "policy/result.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>

namespace directory {

policy::Result<FolderLock> FolderLock::acquire(const std::filesystem::path& path) {
  // The C library declares open(2) with a variable number of arguments.
  policy::Descriptor file{
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};  // NOLINT
  if (!file.is_open()) {
    const int error = errno;
    return policy::fail(
        error == EACCES ? policy::ErrorCode::kDenied : policy::ErrorCode::kUnavailable,
        "open " + path.string() + ": " + std::generic_category().message(error));
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return policy::fail(policy::ErrorCode::kBusy,
                        path.string() +
                            " is locked: another fromguard-directory is running on this folder; "
                            "stop it first");
  }
  return FolderLock{std::move(file)};
}

}  // namespace directory

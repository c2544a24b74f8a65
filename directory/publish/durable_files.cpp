// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/publish/durable_files.h"

#include "policy/descriptor.h"
#include "policy/result.h"

#include <cerrno>
#include <cstdio>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::Descriptor;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr mode_t kFolderMode = 0755;
constexpr mode_t kFileMode = 0644;

std::unexpected<policy::Error> failure(std::string_view doing, const fs::path& path, int error) {
  return fail(
      error == EACCES || error == EPERM ? ErrorCode::kDenied : ErrorCode::kUnavailable,
      std::string{doing} + " " + path.string() + ": " + std::generic_category().message(error));
}

// The C library declares open(2) with a variable number of arguments.
Descriptor open_file(const fs::path& path, int flags, mode_t mode = 0) {
  return Descriptor{::open(path.c_str(), flags | O_CLOEXEC, mode)};  // NOLINT
}

Result<void> set_mode(const fs::path& path, mode_t mode) {
  if (::chmod(path.c_str(), mode) != 0) {
    return failure("set the mode of", path, errno);
  }
  return {};
}

}  // namespace

Result<void> make_folder(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return {};
  }
  if (path.has_parent_path() && path.parent_path() != path) {
    if (auto made = make_folder(path.parent_path()); !made.has_value()) {
      return made;
    }
  }
  if (::mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    return failure("make the folder", path, errno);
  }
  return set_mode(path, kFolderMode);
}

Result<void> write_new_file(const fs::path& path, std::string_view octets) {
  const Descriptor file = open_file(path, O_WRONLY | O_CREAT | O_EXCL, kFileMode);
  if (!file.is_open()) {
    return failure("create", path, errno);
  }
  if (!policy::write_all(file, octets)) {
    return failure("write", path, errno);
  }
  if (::fsync(file.get()) != 0) {
    return failure("flush", path, errno);
  }
  return {};
}

Result<void> flush_to_disk(const fs::path& path) {
  const Descriptor file = open_file(path, O_RDONLY);
  if (!file.is_open() || ::fsync(file.get()) != 0) {
    return failure("flush", path, errno);
  }
  return {};
}

Result<void> seal_folder(const fs::path& path) {
  std::error_code error;
  for (fs::directory_iterator at{path, error}; !error && at != fs::directory_iterator{};
       at.increment(error)) {
    if (auto set = set_mode(at->path(), kFileMode); !set.has_value()) {
      return set;
    }
    if (auto flushed = flush_to_disk(at->path()); !flushed.has_value()) {
      return flushed;
    }
  }
  if (error) {
    return failure("list", path, error.value());
  }
  if (auto set = set_mode(path, kFolderMode); !set.has_value()) {
    return set;
  }
  return flush_to_disk(path);
}

Result<void> rename_durably(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return failure("rename to", to, errno);
  }
  return flush_to_disk(to.parent_path());
}

Result<void> replace_link(const fs::path& link, const fs::path& target, const fs::path& temporary) {
  if (auto removed = remove_tree(temporary); !removed.has_value()) {
    return removed;
  }
  if (::symlink(target.c_str(), temporary.c_str()) != 0) {
    return failure("create the link", temporary, errno);
  }
  return rename_durably(temporary, link);
}

Result<void> touch_link(const fs::path& link) {
  if (::utimensat(AT_FDCWD, link.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) != 0) {
    return failure("set the times of", link, errno);
  }
  return {};
}

Result<void> remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) {
    return failure("remove", path, error.value());
  }
  return {};
}

}  // namespace directory

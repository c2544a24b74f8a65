// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/secret_files.h"

#include "directory/publish/durable_files.h"
#include "policy/result.h"

#include <cerrno>
#include <cstddef>
#include <expected>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace directory {
namespace {

constexpr mode_t kOwnerAlone = S_IRUSR | S_IWUSR;
constexpr mode_t kOwnersFolder = S_IRWXU;

std::unexpected<policy::Error> system_failure(const std::filesystem::path& path) {
  const int error = errno;
  return policy::fail(
      policy::ErrorCode::kUnavailable,
      "cannot write " + path.native() + ": " + std::generic_category().message(error));
}

bool write_all(int file, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(file, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

policy::Result<void> write_secret_file(const std::filesystem::path& path, std::string_view octets) {
  const std::filesystem::path folder = path.parent_path();
  if (::mkdir(folder.c_str(), kOwnersFolder) != 0 && errno != EEXIST) {
    return system_failure(folder);
  }
  const int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerAlone);
  if (file < 0) {
    return system_failure(path);
  }
  const bool is_written = write_all(file, octets) && ::fsync(file) == 0;
  auto result = is_written ? policy::Result<void>() : system_failure(path);
  ::close(file);
  if (result.has_value()) {
    result = flush_to_disk(folder);
  }
  if (!result.has_value()) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
  return result;
}

}  // namespace directory

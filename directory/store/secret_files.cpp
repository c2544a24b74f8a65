// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/secret_files.h"

#include "directory/publish/durable_files.h"
#include "policy/descriptor.h"
#include "policy/result.h"

#include <cerrno>
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

}  // namespace

policy::Result<void> write_secret_file(const std::filesystem::path& path, std::string_view octets) {
  const std::filesystem::path folder = path.parent_path();
  if (::mkdir(folder.c_str(), kOwnersFolder) != 0 && errno != EEXIST) {
    return system_failure(folder);
  }
  policy::Descriptor file{
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerAlone)};
  if (!file.is_open()) {
    return system_failure(path);
  }
  const bool is_written = write_all(file, octets) && ::fsync(file.get()) == 0;
  auto result = is_written ? policy::Result<void>() : system_failure(path);
  file.reset();
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

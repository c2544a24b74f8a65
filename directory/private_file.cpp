// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/private_file.h"

#include "policy/descriptor.h"
#include "policy/result.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <expected>
#include <filesystem>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::size_t kMostOctets = std::size_t{256} * 1024;

std::unexpected<policy::Error> system_failure(const std::filesystem::path& path) {
  const int error = errno;
  const ErrorCode code = error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kDenied;
  return fail(code, "cannot read " + path.native() + ": " + std::generic_category().message(error));
}

bool is_handed_over_by_systemd(const std::filesystem::path& path) {
  // This daemon has one thread, which changes no environment.
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
  return folder != nullptr && *folder != '\0' &&
         path.lexically_normal().parent_path() == std::filesystem::path{folder}.lexically_normal();
}

}  // namespace

Result<std::string> read_private_file(const std::filesystem::path& path) {
  const policy::Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat status{};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
    return system_failure(path);
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kInvalidInput, path.native() + " is no ordinary file");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0 && !is_handed_over_by_systemd(path)) {
    return fail(ErrorCode::kDenied,
                path.native() +
                    " holds a secret that others on this machine may read; run: "
                    "chmod 0600 " +
                    path.native());
  }
  std::string text;
  std::array<char, 4096> buffer{};
  while (text.size() <= kMostOctets) {
    const auto count = ::read(file.get(), buffer.data(), buffer.size());
    if (count < 0) {
      return system_failure(path);
    }
    if (count == 0) {
      return text;
    }
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return fail(ErrorCode::kInvalidInput, path.native() + " is too large for a credential");
}

Result<std::string> read_secret(const std::filesystem::path& path) {
  auto text = read_private_file(path);
  if (!text.has_value()) {
    return text;
  }
  std::string secret = text->substr(0, text->find('\n'));
  if (secret.ends_with('\r')) {
    secret.pop_back();
  }
  if (secret.empty()) {
    return fail(ErrorCode::kInvalidInput,
                "the first line of " + path.native() + " is empty; write the client secret there");
  }
  return secret;
}

}  // namespace directory

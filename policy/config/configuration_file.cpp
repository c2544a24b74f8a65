// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/config/yaml_source.h"
#include "policy/descriptor.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace policy {
namespace {

// Reads to the end, or to one octet beyond the limit. Returns whether it could; errno says why not.
bool read_whole(int descriptor, std::string& octets) {
  constexpr std::size_t kStep = std::size_t{64} * 1024;
  while (octets.size() <= kMaximumYamlOctets) {
    const std::size_t size = octets.size();
    octets.resize(size + kStep);
    const ssize_t count = ::read(descriptor, octets.data() + size, kStep);
    octets.resize(size + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count == 0) {
      return true;
    }
    if (count < 0 && errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<std::string> read_configuration_file(const std::filesystem::path& path,
                                                   Problems& problems) {
  const auto refuse = [&](std::string text) {
    problems.error({.file = path.string()}, std::move(text));
    return std::nullopt;
  };
  const auto refuse_errno = [&](int number) {
    return refuse(fmt::format("cannot read it: {}; check that it exists and may be read",
                              std::generic_category().message(number)));
  };
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  struct stat status{};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
    return refuse_errno(errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return refuse("this is no regular file; name a file");
  }
  std::string octets;
  if (!read_whole(file.get(), octets)) {
    return refuse_errno(errno);
  }
  if (octets.size() > kMaximumYamlOctets) {
    return refuse(std::string{kYamlTooLarge});
  }
  return octets;
}

}  // namespace policy

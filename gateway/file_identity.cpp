// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/file_identity.h"

#include <filesystem>
#include <string>

#include <sys/stat.h>

namespace gateway {

std::string identity_of(const std::filesystem::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return "absent";
  }
  std::string identity;
  for (const auto number : {static_cast<long long>(status.st_dev),
                            static_cast<long long>(status.st_ino),
                            static_cast<long long>(status.st_size),
                            static_cast<long long>(status.st_mtim.tv_sec),
                            static_cast<long long>(status.st_mtim.tv_nsec),
                            static_cast<long long>(status.st_ctim.tv_sec),
                            static_cast<long long>(status.st_ctim.tv_nsec)}) {
    identity += std::to_string(number) + ' ';
  }
  return identity;
}

}  // namespace gateway

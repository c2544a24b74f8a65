// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/program_of_ours.h"

#include <filesystem>
#include <string>
#include <system_error>

namespace policy {

std::filesystem::path program_of_ours(const std::string& name) {
  std::error_code error;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  auto installed = folder.parent_path() / "libexec" / "fromguard" / name;
  return std::filesystem::exists(installed, error) ? installed : folder / name;
}

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>

namespace directory {

/// Which directory: its name is unique within its organization.
struct DirectoryKey {
  std::string organization;
  std::string directory;

  friend auto operator<=>(const DirectoryKey&, const DirectoryKey&) = default;
};

/// As people know it: `contoso/Office 365`.
[[nodiscard]] inline std::string name_of(const DirectoryKey& key) {
  return key.organization + "/" + key.directory;
}

}  // namespace directory

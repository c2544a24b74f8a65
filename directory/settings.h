// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/problems.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// A directory of type `csv`.
struct CsvDirectorySettings {
  std::string name;  ///< unique within its organization
  std::filesystem::path path;
  std::chrono::milliseconds every = std::chrono::hours{1};  ///< at least a second
};

/// Who of an organization is protected, as declared.
struct ProtectionSettings {
  std::vector<std::string> groups;          ///< display names
  std::vector<std::string> people;          ///< canonical addresses, any of the person's
  std::vector<std::string> role_mailboxes;  ///< display names
};

struct OrganizationSettings {
  std::string name;                  ///< unique
  std::vector<std::string> domains;  ///< canonical, sorted; no other organization has one of them
  std::vector<CsvDirectorySettings> directories;  ///< at least one
  ProtectionSettings protect;
  /// Canonical addresses that a person may send from too, by a canonical address of the person.
  std::map<std::string, std::vector<std::string>, std::less<>> secondary_emails;
};

/// directory.yaml, read once at the start.
struct Settings {
  std::filesystem::path state = "/var/lib/fromguard/directory";
  std::filesystem::path snapshots = "/var/lib/fromguard/snapshots";
  std::size_t keep_generations = 3;  ///< at least 2: gateways may be reading the one before
  std::vector<OrganizationSettings> organizations;  ///< at least one
};

/// Reads the text of directory.yaml; paths in it are relative to the folder of `file`. Everything
/// wrong with it goes to `problems`, with warnings about keys that have no effect yet; nothing is
/// returned if there are errors.
[[nodiscard]] std::optional<Settings> parse_settings(std::string_view text,
                                                     const std::filesystem::path& file,
                                                     policy::Problems& problems);

/// `parse_settings` of the file.
[[nodiscard]] std::optional<Settings> load_settings(const std::filesystem::path& file,
                                                    policy::Problems& problems);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "directory/store/records.h"
#include "policy/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace directory {

/// The organizations as they are in force: what directory.yaml declares, with the directories,
/// protections and secondary emails that were added and the verified domains that were imported.
struct OrganizationsInForce {
  std::vector<OrganizationSettings> organizations;  ///< in the order of directory.yaml
  /// What was added and cannot be used any more, with why: one sentence each.
  std::vector<std::string> warnings;
};

/// Joins them. Paths of added directories are relative to `folder`.
[[nodiscard]] policy::Result<OrganizationsInForce> organizations_in_force(
    const Settings& settings, const Records& records, const std::filesystem::path& folder);

}  // namespace directory

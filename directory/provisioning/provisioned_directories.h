// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "directory/store/directory_key.h"

#include <string>
#include <vector>

namespace directory {

/// As people know it: `contoso/Office 365`.
[[nodiscard]] std::string name_of(const DirectoryKey& key);

/// The organization of this name; null if there is none. It belongs to `all`.
[[nodiscard]] const OrganizationSettings* find_organization(
    const std::vector<OrganizationSettings>& all, const std::string& name);

/// Whether the tenant of the directory is provisioned: it has the feature `provision`.
[[nodiscard]] bool is_provisioning(const DirectorySettings& directory);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/provisioning/provisioned_directories.h"

#include "directory/settings.h"
#include "directory/store/directory_key.h"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

namespace directory {

std::string name_of(const DirectoryKey& key) {
  return key.organization + "/" + key.directory;
}

const OrganizationSettings* find_organization(const std::vector<OrganizationSettings>& all,
                                              const std::string& name) {
  const auto found = std::ranges::find(all, name, &OrganizationSettings::name);
  return found == all.end() ? nullptr : &*found;
}

bool is_provisioning(const DirectorySettings& directory) {
  const auto* source = std::get_if<Office365Source>(&directory.source);
  return source != nullptr && source->features.contains(Feature::kProvision);
}

}  // namespace directory

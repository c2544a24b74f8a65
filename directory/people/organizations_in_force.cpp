// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/organizations_in_force.h"

#include "directory/directory_settings.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "policy/result.h"

#include <algorithm>
#include <expected>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

class Join {
 public:
  explicit Join(const std::vector<OrganizationSettings>& declared) {
    joined_.organizations = declared;
    for (const OrganizationSettings& organization : declared) {
      domains_.insert(organization.domains.begin(), organization.domains.end());
    }
  }

  void add(const AddedDirectory& added, const std::filesystem::path& folder) {
    OrganizationSettings* organization = find(added.key.organization);
    auto settings = parse_directory_settings(added.settings, folder);
    if (organization == nullptr) {
      warn(added.key, "its organization is not in directory.yaml any more");
    } else if (!settings.has_value()) {
      warn(added.key, settings.error().message);
    } else if (has_directory(*organization, added.key.directory)) {
      warn(added.key, "directory.yaml declares one of that name, which is used instead");
    } else {
      organization->directories.push_back(*std::move(settings));
    }
  }

  void add(const AddedProtection& added) {
    if (OrganizationSettings* organization = find(added.organization)) {
      const bool is_group = added.kind == ProtectionKind::kGroup;
      auto& ids = is_group ? organization->protect.group_ids : organization->protect.user_ids;
      ids.insert(added.id);
    }
  }

  void add(const AddedSecondaryEmails& added) {
    if (OrganizationSettings* organization = find(added.organization)) {
      organization->secondary_emails_by_id[added.id] = added.addresses;
    }
  }

  void add(const ImportedDomain& imported) {
    OrganizationSettings* organization = find(imported.source.organization);
    if (organization != nullptr && !imported.is_gone && domains_.insert(imported.domain).second) {
      auto& domains = organization->domains;
      domains.insert(std::ranges::lower_bound(domains, imported.domain), imported.domain);
    }
  }

  OrganizationsInForce take() { return std::move(joined_); }

 private:
  OrganizationSettings* find(std::string_view name) {
    const auto found = std::ranges::find(joined_.organizations, name, &OrganizationSettings::name);
    return found == joined_.organizations.end() ? nullptr : &*found;
  }

  static bool has_directory(const OrganizationSettings& organization, std::string_view name) {
    return std::ranges::find(organization.directories, name, &DirectorySettings::name) !=
           organization.directories.end();
  }

  void warn(const DirectoryKey& key, std::string_view why) {
    joined_.warnings.push_back(fmt::format(
        "the added directory {}/{} is not used: {}", key.organization, key.directory, why));
  }

  OrganizationsInForce joined_;
  std::set<std::string, std::less<>> domains_;  // of all organizations
};

}  // namespace

policy::Result<OrganizationsInForce> organizations_in_force(const Settings& settings,
                                                            const Records& records,
                                                            const std::filesystem::path& folder) {
  Join join{settings.organizations};
  const auto directories = records.directories();
  if (!directories.has_value()) {
    return std::unexpected{directories.error()};
  }
  for (const AddedDirectory& added : *directories) {
    join.add(added, folder);
  }
  const auto protections = records.protections();
  const auto emails = records.secondary_emails();
  const auto domains = records.domains();
  if (!protections.has_value()) {
    return std::unexpected{protections.error()};
  }
  if (!emails.has_value()) {
    return std::unexpected{emails.error()};
  }
  if (!domains.has_value()) {
    return std::unexpected{domains.error()};
  }
  std::ranges::for_each(*protections, [&](const AddedProtection& each) { join.add(each); });
  std::ranges::for_each(*emails, [&](const AddedSecondaryEmails& each) { join.add(each); });
  std::ranges::for_each(*domains, [&](const ImportedDomain& each) { join.add(each); });
  return join.take();
}

}  // namespace directory

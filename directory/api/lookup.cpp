// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/lookup.h"

#include "directory/api/api.h"
#include "directory/api/routes.h"
#include "directory/people/group_memory.h"
#include "directory/people/protection.h"
#include "directory/people/stored_people.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/sync/sync_control.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

using policy::ErrorCode;
using policy::Result;

namespace {

bool contains(const std::vector<std::string>& texts, const std::string& text) {
  return std::ranges::find(texts, text) != texts.end();
}

bool is_named(const DirectoryPlace& place, std::string_view name) {
  return name.empty() || name == place.directory->name ||
         name == place.organization->name + "/" + place.directory->name;
}

}  // namespace

std::vector<const OrganizationSettings*> visible_organizations(const ApiServices& services,
                                                               const ApiRequest& request) {
  std::vector<const OrganizationSettings*> visible;
  for (const OrganizationSettings& organization : services.control->organizations()) {
    if (request.principal.may_see(organization.name)) {
      visible.push_back(&organization);
    }
  }
  return visible;
}

Result<std::vector<DirectoryPlace>> directories_named(const ApiServices& services,
                                                      const ApiRequest& request,
                                                      std::string_view name) {
  std::vector<DirectoryPlace> found;
  for (const OrganizationSettings* organization : visible_organizations(services, request)) {
    for (const DirectorySettings& directory : organization->directories) {
      found.push_back({.organization = organization, .directory = &directory});
    }
  }
  std::erase_if(found, [&](const DirectoryPlace& place) { return !is_named(place, name); });
  if (found.empty() && !name.empty()) {
    return policy::fail(ErrorCode::kNotFound,
                        "there is no directory " + std::string{name} + "; see directories list");
  }
  return found;
}

Result<DirectoryPlace> find_directory(const ApiServices& services,
                                      const ApiRequest& request,
                                      const DirectoryKey& key) {
  for (const OrganizationSettings* organization : visible_organizations(services, request)) {
    const auto found =
        std::ranges::find(organization->directories, key.directory, &DirectorySettings::name);
    if (organization->name == key.organization && found != organization->directories.end()) {
      return DirectoryPlace{.organization = organization, .directory = &*found};
    }
  }
  return policy::fail(
      ErrorCode::kNotFound,
      "there is no directory " + key.organization + "/" + key.directory + "; see directories list");
}

Result<DirectoryPlace> requested_directory(const ApiServices& services, const ApiRequest& request) {
  return find_directory(
      services,
      request,
      {.organization = request.captures.at(0), .directory = request.captures.at(1)});
}

Result<Additions> Additions::read(const Records& records) {
  Additions additions;
  auto protections = records.protections();
  if (!protections.has_value()) {
    return std::unexpected{std::move(protections).error()};
  }
  auto emails = records.secondary_emails();
  if (!emails.has_value()) {
    return std::unexpected{std::move(emails).error()};
  }
  additions.protections_ = *std::move(protections);
  additions.emails_ = *std::move(emails);
  return additions;
}

bool Additions::has(const DirectoryKey& key, ProtectionKind kind, const std::string& id) const {
  return std::ranges::any_of(protections_, [&](const AddedProtection& added) {
    return added.organization == key.organization && added.directory == key.directory &&
           added.kind == kind && added.id == id;
  });
}

const AddedSecondaryEmails* Additions::secondary_emails(const DirectoryKey& key,
                                                        const std::string& id) const {
  const auto found = std::ranges::find_if(emails_, [&](const AddedSecondaryEmails& added) {
    return added.organization == key.organization && added.directory == key.directory &&
           added.id == id;
  });
  return found == emails_.end() ? nullptr : &*found;
}

DirectoryLookup::DirectoryLookup(DirectoryPlace place,
                                 ContentView view,
                                 Additions additions,
                                 std::shared_ptr<KnownGroups> groups)
    : place_(place),
      view_(std::move(view)),
      additions_(std::move(additions)),
      groups_(std::move(groups)) {
  for (const std::string& name : place_.organization->protect.groups) {
    declared_groups_.insert(folded_name(name));
  }
}

Result<DirectoryLookup> DirectoryLookup::open(const ApiServices& services,
                                              const DirectoryPlace& place) {
  auto lookups = open_lookups(services, {place});
  if (!lookups.has_value()) {
    return std::unexpected{std::move(lookups).error()};
  }
  return std::move(lookups->front());
}

Result<StoredGroup> DirectoryLookup::group(const std::string& id) const {
  auto found = view_.group(id);
  if (!found.has_value()) {
    return std::unexpected{std::move(found).error()};
  }
  std::optional<StoredGroup>& group = *found;
  if (!group.has_value()) {
    return policy::fail(ErrorCode::kNotFound,
                        "the directory " + place_.directory->name + " has no group of id " + id);
  }
  return *std::move(group);
}

Result<StoredUser> DirectoryLookup::user(const std::string& id) const {
  auto found = view_.user(id);
  if (!found.has_value()) {
    return std::unexpected{std::move(found).error()};
  }
  std::optional<StoredUser>& user = *found;
  if (!user.has_value()) {
    return policy::fail(ErrorCode::kNotFound,
                        "the directory " + place_.directory->name + " has no person of id " + id);
  }
  return *std::move(user);
}

GroupStanding DirectoryLookup::standing(const StoredGroup& group) const {
  return {.id = group.id,
          .name = group.display_name,
          .is_declared = declared_groups_.contains(folded_name(group.display_name)),
          .is_added = additions_.has(place_.key(), ProtectionKind::kGroup, group.id)};
}

GroupStanding DirectoryLookup::standing(const KnownGroup& group) const {
  return {.id = group.id,
          .name = group.name,
          .is_declared = declared_groups_.contains(group.folded_name),
          .is_added = additions_.has(place_.key(), ProtectionKind::kGroup, group.id)};
}

Result<PersonStanding> DirectoryLookup::standing(const StoredUser& user) const {
  const ProtectionSettings& protect = place_.organization->protect;
  PersonStanding standing;
  standing.is_declared = std::ranges::any_of(
      addresses(user), [&](const std::string& each) { return contains(protect.people, each); });
  standing.is_added = additions_.has(place_.key(), ProtectionKind::kPerson, user.id);
  const std::string folded = folded_name(user.display_name);
  for (const std::string& role : protect.role_mailboxes) {
    if (folded_name(role) == folded) {
      standing.role_mailbox = role;
    }
  }
  const auto closed = closed_groups(user.id);
  if (!closed.has_value()) {
    return std::unexpected{closed.error()};
  }
  for (const KnownGroup* group : closed->groups) {
    GroupStanding through = this->standing(*group);
    if (through.is_protected()) {
      standing.via.push_back(std::move(through));
    }
  }
  return standing;
}

Result<void> DirectoryLookup::add_groups(const std::vector<std::string>& ids,
                                         std::vector<const KnownGroup*>& groups) const {
  for (const std::string& id : ids) {
    const auto group = groups_->find(view_, id);
    if (!group.has_value()) {
      return std::unexpected{group.error()};
    }
    if (*group != nullptr && std::ranges::find(groups, *group) == groups.end()) {
      groups.push_back(*group);
    }
  }
  return {};
}

Result<DirectoryLookup::ClosedGroups> DirectoryLookup::closed_groups(
    const std::string& member) const {
  const auto direct = view_.direct_groups(member);
  if (!direct.has_value()) {
    return std::unexpected{direct.error()};
  }
  ClosedGroups closed;
  if (auto added = add_groups(*direct, closed.groups); !added.has_value()) {
    return std::unexpected{std::move(added).error()};
  }
  closed.direct = closed.groups.size();
  // Grows while it is walked, so that no iterator stays good.
  std::size_t next = 0;
  while (next < closed.groups.size()) {
    const KnownGroup& group = *closed.groups[next++];
    if (auto added = add_groups(group.parents, closed.groups); !added.has_value()) {
      return std::unexpected{std::move(added).error()};
    }
  }
  return closed;
}

std::vector<std::string> DirectoryLookup::addresses(const StoredUser& user) const {
  return addresses_of(user, *place_.organization);
}

bool DirectoryLookup::has_address(const StoredUser& user, const std::string& canonical) const {
  if (policy::canonical_address(user.user_principal_name) == canonical ||
      contains(addresses(user), canonical)) {
    return true;
  }
  const SecondaryEmails secondary = secondary_emails(user);
  return contains(secondary.declared, canonical) || contains(secondary.added, canonical);
}

SecondaryEmails DirectoryLookup::secondary_emails(const StoredUser& user) const {
  SecondaryEmails emails;
  for (const std::string& address : addresses(user)) {
    const auto declared = place_.organization->secondary_emails.find(address);
    if (declared != place_.organization->secondary_emails.end()) {
      emails.declared.insert(
          emails.declared.end(), declared->second.begin(), declared->second.end());
    }
  }
  const AddedSecondaryEmails* added = additions_.secondary_emails(place_.key(), user.id);
  if (added != nullptr) {
    emails.added = added->addresses;
  }
  return emails;
}

Result<std::vector<DirectoryLookup>> open_lookups(const ApiServices& services,
                                                  const std::vector<DirectoryPlace>& places) {
  auto additions = Additions::read(*services.records);
  if (!additions.has_value()) {
    return std::unexpected{std::move(additions).error()};
  }
  const auto reader = services.database->snapshot();
  std::vector<DirectoryLookup> lookups;
  for (const DirectoryPlace& place : places) {
    auto view = ContentView::open(reader, place.key());
    if (!view.has_value()) {
      return std::unexpected{std::move(view).error()};
    }
    auto groups = services.groups->of(place.key(), *view);
    lookups.push_back(DirectoryLookup{place, *std::move(view), *additions, std::move(groups)});
  }
  return lookups;
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/carry_forward.h"

#include "directory/people/protection.h"
#include "directory/publish/published_generation.h"
#include "directory/settings.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/snapshot/manifest.h"

#include <algorithm>
#include <cstdint>
#include <expected>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

// Where a directory stands in a generation.
struct Position {
  policy::OrganizationNumber organization;
  std::uint32_t directory;
};

std::optional<Position> find_directory(const std::vector<policy::Organization>& organizations,
                                       std::string_view organization_name,
                                       std::string_view directory_name) {
  const auto organization =
      std::ranges::find(organizations, organization_name, &policy::Organization::name);
  if (organization == organizations.end()) {
    return std::nullopt;
  }
  const auto directory = std::ranges::find(organization->directories, directory_name);
  if (directory == organization->directories.end()) {
    return std::nullopt;
  }
  return Position{
      .organization =
          static_cast<std::uint32_t>(std::distance(organizations.begin(), organization)),
      .directory =
          static_cast<std::uint32_t>(std::distance(organization->directories.begin(), directory))};
}

std::int64_t synced_time(const policy::Manifest& manifest,
                         std::string_view organization_name,
                         std::string_view directory_name) {
  const auto source = std::ranges::find_if(manifest.sources, [&](const policy::SourceSync& each) {
    return each.organization == organization_name && each.directory == directory_name;
  });
  return source == manifest.sources.end() ? 0 : source->synced;
}

void note_found(const policy::Person& person,
                const OrganizationSettings& organization,
                DirectoryPeople& people) {
  if (person.role_mailbox) {
    people.found_role_mailboxes.insert(folded_name(person.name));
  }
  for (const std::string& address : person.addresses) {
    if (organization.secondary_emails.contains(address) ||
        std::ranges::find(organization.protect.people, address) !=
            organization.protect.people.end()) {
      people.found_people.insert(address);
    }
  }
}

policy::Result<DirectoryPeople> read_people(const PublishedGeneration& generation,
                                            const Position& position,
                                            const OrganizationSettings& organization) {
  DirectoryPeople carried;
  carried.groups = generation.view().organizations()[position.organization].groups;
  for (const std::string& group : carried.groups) {
    carried.found_groups.insert(folded_name(group));
  }
  const auto read = generation.for_each_person(
      position.organization, [&](const policy::Person& person) -> policy::Result<void> {
        if (person.directory == position.directory) {
          note_found(person, organization, carried);
          carried.people.add(person);
        }
        return {};
      });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return carried;
}

}  // namespace

policy::Result<DirectoryPeople> PreviousPeople::of(const OrganizationSettings& organization,
                                                   std::string_view directory_name) {
  if (!is_opened_) {
    auto opened = PublishedGeneration::open_newest(snapshots_);
    if (!opened.has_value()) {
      return policy::fail("read back the generation in force", std::move(opened).error());
    }
    generation_ = *std::move(opened);
    is_opened_ = true;
  }
  DirectoryPeople nobody;
  nobody.is_carried_forward = true;
  if (!generation_.has_value()) {
    return nobody;
  }
  const auto position =
      find_directory(generation_->view().organizations(), organization.name, directory_name);
  if (!position.has_value()) {
    return nobody;
  }
  auto carried = read_people(*generation_, *position, organization);
  if (carried.has_value()) {
    carried->synced = synced_time(generation_->manifest(), organization.name, directory_name);
    carried->is_carried_forward = true;
  }
  return carried;
}

}  // namespace directory

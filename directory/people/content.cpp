// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/content.h"

#include "directory/people/protection.h"
#include "directory/people/protection_report.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "policy/people/person.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

// The groups of an organization, and for each directory where its groups are among them.
struct GroupTable {
  std::vector<std::string> names;
  std::vector<std::vector<std::uint32_t>> positions;
};

GroupTable join_groups(const OrganizationPeople& people) {
  std::map<std::string, std::string> names;  // by folded name
  for (const DirectoryPeople& directory : people.directories) {
    for (const std::string& group : directory.groups) {
      names.emplace(folded_name(group), group);
    }
  }
  GroupTable table;
  std::map<std::string, std::uint32_t> numbers;
  for (const auto& [folded, name] : names) {
    numbers.emplace(folded, static_cast<std::uint32_t>(table.names.size()));
    table.names.push_back(name);
  }
  for (const DirectoryPeople& directory : people.directories) {
    std::vector<std::uint32_t>& positions = table.positions.emplace_back();
    for (const std::string& group : directory.groups) {
      positions.push_back(numbers.at(folded_name(group)));
    }
  }
  return table;
}

policy::Result<void> visit_directory(const DirectoryPeople& directory,
                                     const std::vector<std::uint32_t>& group_positions,
                                     std::pair<std::uint32_t, std::uint32_t> place,
                                     const PersonVisitor& visit) {
  for (std::size_t i = 0; i < directory.people.size(); ++i) {
    policy::Person person = directory.people.at(i);
    std::tie(person.organization, person.directory) = place;
    for (std::uint32_t& group : person.groups) {
      group = group_positions[group];
    }
    std::ranges::sort(person.groups);
    if (auto visited = visit(person); !visited.has_value()) {
      return visited;
    }
  }
  return {};
}

policy::Result<void> visit_organization(const OrganizationPeople& organization,
                                        const GroupTable& groups,
                                        std::uint32_t number,
                                        const PersonVisitor& visit) {
  for (std::size_t i = 0; i < organization.directories.size(); ++i) {
    const std::pair place{number, static_cast<std::uint32_t>(i)};
    auto visited = visit_directory(organization.directories[i], groups.positions[i], place, visit);
    if (!visited.has_value()) {
      return visited;
    }
  }
  return {};
}

policy::Result<void> visit_all(const std::vector<OrganizationPeople>& organizations,
                               const std::vector<GroupTable>& groups,
                               const PersonVisitor& visit) {
  for (std::size_t i = 0; i < organizations.size(); ++i) {
    auto visited =
        visit_organization(organizations[i], groups[i], static_cast<std::uint32_t>(i), visit);
    if (!visited.has_value()) {
      return visited;
    }
  }
  return {};
}

bool is_found(const OrganizationPeople& people,
              std::set<std::string, std::less<>> DirectoryPeople::* found,
              std::string_view what) {
  return std::ranges::any_of(people.directories, [&](const DirectoryPeople& directory) {
    return (directory.*found).contains(what);
  });
}

}  // namespace

void complete_people(OrganizationPeople& people) {
  for (const std::string& name : people.settings->protect.role_mailboxes) {
    DirectoryPeople& first = people.directories.front();
    const std::string folded = folded_name(name);
    if (!is_found(people, &DirectoryPeople::found_role_mailboxes, folded)) {
      first.people.add(role_mailbox_person(name));
      first.found_role_mailboxes.insert(folded);
    }
  }
  for (DirectoryPeople& directory : people.directories) {
    directory.people.sort_by_id();
  }
}

GenerationContent make_content(const std::vector<OrganizationPeople>& organizations) {
  GenerationContent content;
  std::vector<GroupTable> groups;
  for (const OrganizationPeople& people : organizations) {
    groups.push_back(join_groups(people));
    policy::Organization organization{.name = people.settings->name,
                                      .domains = people.settings->domains,
                                      .groups = groups.back().names,
                                      .directories = {}};
    for (std::size_t i = 0; i < people.directories.size(); ++i) {
      const std::string& name = people.settings->directories[i].name;
      organization.directories.push_back(name);
      content.sources.push_back({.organization = organization.name,
                                 .directory = name,
                                 .synced = people.directories[i].synced});
    }
    content.organizations.push_back(std::move(organization));
  }
  content.for_each_person = [&organizations, groups](const PersonVisitor& visit) {
    return visit_all(organizations, groups, visit);
  };
  return content;
}

std::vector<ProtectionWarning> find_missing(const OrganizationPeople& people) {
  std::vector<ProtectionWarning> warnings;
  for (const std::string& group : people.settings->protect.groups) {
    if (!is_found(people, &DirectoryPeople::found_groups, folded_name(group))) {
      warnings.push_back({.what = "group_not_found",
                          .text = fmt::format("nobody is in the protected group {}", group),
                          .subject = group});
    }
  }
  for (const std::string& person : people.settings->protect.people) {
    if (!is_found(people, &DirectoryPeople::found_people, person)) {
      warnings.push_back({.what = "person_not_found",
                          .text = fmt::format("the protected person {} is in no directory", person),
                          .subject = person});
    }
  }
  const bool has_all_users = std::ranges::none_of(
      people.directories, [](const DirectoryPeople& each) { return each.is_carried_forward; });
  for (const auto& [person, addresses] : people.settings->secondary_emails) {
    if (has_all_users && !is_found(people, &DirectoryPeople::found_people, person)) {
      warnings.push_back({.what = "person_not_found",
                          .text = fmt::format("{} of secondary_emails is in no directory", person),
                          .subject = person});
    }
  }
  return warnings;
}

}  // namespace directory

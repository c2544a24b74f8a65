// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/people/directory_user.h"
#include "directory/people/people_list.h"
#include "directory/settings.h"
#include "policy/people/person.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// How display names are compared where an admin declares them: in any case, and however much
/// white space is between their words.
[[nodiscard]] std::string folded_name(std::string_view name);

/// The protected people of one directory of an organization, and which declarations they fulfil.
struct DirectoryPeople {
  std::vector<std::string> groups;  ///< display names; `Person::groups` of `people` points here
  PeopleList people;                ///< organization and directory are not set yet
  std::int64_t synced = 0;          ///< when they were read, seconds since 1970
  bool is_carried_forward = false;  ///< they are those of the generation in force
  /// Declared groups and role mailboxes (`folded_name`) and people (addresses) that were found.
  std::set<std::string, std::less<>> found_groups;
  std::set<std::string, std::less<>> found_role_mailboxes;
  std::set<std::string, std::less<>> found_people;
};

/// Decides who of a directory's users is protected, and makes people of them: whoever is in a
/// declared group or declared by an address, with the secondary emails declared for them; and one
/// person for each declared role mailbox, with the addresses of all users of that name.
class ProtectionFilter {
 public:
  /// `organization` must outlive the filter.
  explicit ProtectionFilter(const OrganizationSettings& organization);

  void take(const DirectoryUser& user);

  /// What came of all users. `synced` is not set. Call it once.
  [[nodiscard]] DirectoryPeople finish();

 private:
  [[nodiscard]] bool is_protected(const DirectoryUser& user);
  [[nodiscard]] std::vector<std::string> addresses_of(const DirectoryUser& user);
  [[nodiscard]] std::vector<std::uint32_t> group_indices(const DirectoryUser& user);
  bool take_role_mailbox(const DirectoryUser& user);

  const OrganizationSettings* organization_;
  std::set<std::string, std::less<>> declared_groups_;
  std::set<std::string, std::less<>> declared_people_;
  std::map<std::string, std::string, std::less<>> declared_role_mailboxes_;  // folded -> declared
  std::map<std::string, std::uint32_t, std::less<>> group_numbers_;          // by folded name
  std::map<std::string, policy::Person, std::less<>> role_mailboxes_;        // by folded name
  DirectoryPeople made_;
};

/// The person of a role mailbox that no directory has: its name is protected all the same.
[[nodiscard]] policy::Person role_mailbox_person(std::string_view name);

}  // namespace directory

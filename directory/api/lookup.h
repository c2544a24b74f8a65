// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/api.h"
#include "directory/api/routes.h"
#include "directory/people/group_memory.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "policy/result.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

/// A directory with its organization. Both belong to the SyncControl, until `configuration_changed`
/// makes new ones: not to be kept.
struct DirectoryPlace {
  const OrganizationSettings* organization;
  const DirectorySettings* directory;

  [[nodiscard]] DirectoryKey key() const {
    return {.organization = organization->name, .directory = directory->name};
  }
};

/// The organizations that the asker may see, as they are in force. They belong to the SyncControl:
/// not to be kept.
[[nodiscard]] std::vector<const OrganizationSettings*> visible_organizations(
    const ApiServices& services, const ApiRequest& request);

/// The directories that the asker may see whose name, or ORGANIZATION/NAME, is this; all of them
/// for an empty name. `kNotFound` if there is none.
[[nodiscard]] policy::Result<std::vector<DirectoryPlace>> directories_named(
    const ApiServices& services, const ApiRequest& request, std::string_view name);

/// `kNotFound` if there is no such directory that the asker may see.
[[nodiscard]] policy::Result<DirectoryPlace> find_directory(const ApiServices& services,
                                                            const ApiRequest& request,
                                                            const DirectoryKey& key);

/// The directory that the first two captures of a request name.
[[nodiscard]] policy::Result<DirectoryPlace> requested_directory(const ApiServices& services,
                                                                 const ApiRequest& request);

/// What was added to the declarations, as the records have it now.
class Additions {
 public:
  [[nodiscard]] static policy::Result<Additions> read(const Records& records);

  [[nodiscard]] bool has(const DirectoryKey& key, ProtectionKind kind, const std::string& id) const;

  /// The secondary emails that were added to a person; nullptr if there are none.
  [[nodiscard]] const AddedSecondaryEmails* secondary_emails(const DirectoryKey& key,
                                                             const std::string& id) const;

  [[nodiscard]] const std::vector<AddedProtection>& protections() const { return protections_; }

  [[nodiscard]] const std::vector<AddedSecondaryEmails>& all_secondary_emails() const {
    return emails_;
  }

 private:
  std::vector<AddedProtection> protections_;
  std::vector<AddedSecondaryEmails> emails_;
};

/// A group with how it is protected.
struct GroupStanding {
  std::string id;
  std::string name;
  bool is_declared = false;
  bool is_added = false;

  [[nodiscard]] bool is_protected() const { return is_declared || is_added; }
};

/// How a person is protected.
struct PersonStanding {
  bool is_declared = false;
  bool is_added = false;
  std::string role_mailbox;        ///< the declared name, if the person has it
  std::vector<GroupStanding> via;  ///< protected groups that the person is in, directly or not

  [[nodiscard]] bool is_direct() const { return is_declared || is_added || !role_mailbox.empty(); }

  [[nodiscard]] bool is_protected() const { return is_direct() || !via.empty(); }
};

/// Secondary emails of a person.
struct SecondaryEmails {
  std::vector<std::string> declared;
  std::vector<std::string> added;
};

/// What is known about the people and groups of one directory, as they are now.
class DirectoryLookup {
 public:
  [[nodiscard]] static policy::Result<DirectoryLookup> open(const ApiServices& services,
                                                            const DirectoryPlace& place);

  [[nodiscard]] const ContentView& view() const { return view_; }

  [[nodiscard]] const DirectoryPlace& place() const { return place_; }

  [[nodiscard]] const Additions& additions() const { return additions_; }

  /// `kNotFound` if the directory has no such group or person.
  [[nodiscard]] policy::Result<StoredGroup> group(const std::string& id) const;
  [[nodiscard]] policy::Result<StoredUser> user(const std::string& id) const;

  [[nodiscard]] GroupStanding standing(const StoredGroup& group) const;
  [[nodiscard]] GroupStanding standing(const KnownGroup& group) const;
  [[nodiscard]] policy::Result<PersonStanding> standing(const StoredUser& user) const;

  /// The groups that a user or group is in, directly or through others, those nearest first; the
  /// first `direct` are the direct ones. Groups that are in each other are visited once. Good as
  /// long as the lookup is.
  struct ClosedGroups {
    std::vector<const KnownGroup*> groups;
    std::size_t direct = 0;
  };

  [[nodiscard]] policy::Result<ClosedGroups> closed_groups(const std::string& member) const;

  /// The addresses that the user may send from, as the directory has them, canonical.
  [[nodiscard]] std::vector<std::string> addresses(const StoredUser& user) const;

  /// Whether this is an address of the user: of the directory, its principal name, or secondary.
  [[nodiscard]] bool has_address(const StoredUser& user, const std::string& canonical) const;

  [[nodiscard]] SecondaryEmails secondary_emails(const StoredUser& user) const;

 private:
  friend policy::Result<std::vector<DirectoryLookup>> open_lookups(
      const ApiServices& services, const std::vector<DirectoryPlace>& places);

  // Adds those of these groups that are there and not yet among the others.
  [[nodiscard]] policy::Result<void> add_groups(const std::vector<std::string>& ids,
                                                std::vector<const KnownGroup*>& groups) const;

  DirectoryLookup(DirectoryPlace place,
                  ContentView view,
                  Additions additions,
                  std::shared_ptr<KnownGroups> groups);

  DirectoryPlace place_;
  ContentView view_;
  Additions additions_;
  std::shared_ptr<KnownGroups> groups_;
  std::set<std::string, std::less<>> declared_groups_;  // folded
};

/// A lookup for each of these directories, in one state of the database.
[[nodiscard]] policy::Result<std::vector<DirectoryLookup>> open_lookups(
    const ApiServices& services, const std::vector<DirectoryPlace>& places);

}  // namespace directory

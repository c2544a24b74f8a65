// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/address_owners.h"

#include "directory/api/lookup.h"
#include "directory/store/directory_content.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <cstddef>
#include <expected>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

// Every address of the user, each once.
std::set<std::string, std::less<>> all_addresses(const DirectoryLookup& lookup,
                                                 const StoredUser& user) {
  std::set<std::string, std::less<>> all;
  const auto add = [&](const std::vector<std::string>& more) {
    all.insert(more.begin(), more.end());
  };
  all.insert(policy::canonical_address(user.user_principal_name));
  add(lookup.addresses(user));
  const SecondaryEmails secondary = lookup.secondary_emails(user);
  add(secondary.declared);
  add(secondary.added);
  return all;
}

void add_owner(const AddressOwner& owner,
               const std::set<std::string, std::less<>>& owned,
               const std::set<std::string, std::less<>>& wanted,
               AddressOwners& owners) {
  for (const std::string& address : owned) {
    if (wanted.contains(address)) {
      owners.emplace(address, owner);
    }
  }
}

// Adds the owners of these addresses that this directory has.
policy::Result<void> add_owners(const DirectoryLookup& lookup,
                                std::size_t index,
                                const std::set<std::string, std::less<>>& wanted,
                                AddressOwners& owners) {
  const auto take = [&](const StoredUser& user,
                        const std::vector<std::string>&) -> policy::Result<bool> {
    const AddressOwner owner{.lookup = index, .id = user.id, .name = user.display_name};
    add_owner(owner, all_addresses(lookup, user), wanted, owners);
    return true;
  };
  return lookup.view().for_each_user(take);
}

}  // namespace

policy::Result<AddressOwners> find_owners(const std::vector<DirectoryLookup>& lookups,
                                          const std::set<std::string, std::less<>>& addresses) {
  AddressOwners owners;
  for (std::size_t i = 0; i < lookups.size(); ++i) {
    if (auto added = add_owners(lookups[i], i, addresses, owners); !added.has_value()) {
      return std::unexpected{std::move(added).error()};
    }
  }
  return owners;
}

}  // namespace directory

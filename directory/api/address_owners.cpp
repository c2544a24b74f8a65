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
#include <map>
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

}  // namespace

policy::Result<AddressOwners> find_owners(const std::vector<DirectoryLookup>& lookups,
                                          const std::set<std::string, std::less<>>& addresses) {
  AddressOwners owners;
  for (std::size_t i = 0; i < lookups.size(); ++i) {
    const auto take = [&](const StoredUser& user,
                          const std::vector<std::string>&) -> policy::Result<bool> {
      const AddressOwner owner{.lookup = i, .id = user.id, .name = user.display_name};
      auto of_user = all_addresses(lookups[i], user);
      std::erase_if(of_user, [&](const std::string& each) { return !addresses.contains(each); });
      for (const std::string& address : of_user) {
        owners.emplace(address, owner);
      }
      return true;
    };
    if (auto read = lookups[i].view().for_each_user(take); !read.has_value()) {
      return std::unexpected{std::move(read).error()};
    }
  }
  return owners;
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/given_address.h"

#include "directory/api/address_owners.h"
#include "directory/api/answer.h"
#include "directory/api/lookup.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "policy/mail_address.h"

#include <algorithm>
#include <expected>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace directory {

std::expected<void, Problem> check_address(GivenAddress& given) {
  auto parsed = policy::parse_configured_address(given.text);
  if (!parsed.has_value()) {
    return refuse_request("line " + std::to_string(given.line) + ": " + parsed.error().message,
                          given.pointer);
  }
  given.canonical = *std::move(parsed);
  return {};
}

std::expected<void, Problem> check_owner(const GivenAddress& given,
                                         const AddressOwners& owners,
                                         const AddressOwner& person,
                                         const std::vector<DirectoryLookup>& lookups) {
  const auto [first, last] = owners.equal_range(given.canonical);
  for (auto entry = first; entry != last; ++entry) {
    const AddressOwner& owner = entry->second;
    if (owner == person) {
      continue;
    }
    const DirectoryKey key = lookups[owner.lookup].place().key();
    return refuse_with(409,
                       "conflict",
                       "line " + std::to_string(given.line) + ": " + given.canonical +
                           " is an address of " + owner.name + " in " + key.organization + "/" +
                           key.directory + "; it cannot be somebody else's too",
                       given.pointer);
  }
  return {};
}

AddedSecondaryEmails made_record(const DirectoryLookup& lookup,
                                 const StoredUser& user,
                                 const std::set<std::string, std::less<>>& addresses) {
  const auto own = lookup.addresses(user);
  const auto declared = lookup.secondary_emails(user).declared;
  const DirectoryKey key = lookup.place().key();
  AddedSecondaryEmails record{.organization = key.organization,
                              .directory = key.directory,
                              .id = user.id,
                              .email = own.empty() ? user.user_principal_name : own.front(),
                              .addresses = {}};
  for (const std::string& address : addresses) {
    const bool is_known = std::ranges::find(own, address) != own.end() ||
                          std::ranges::find(declared, address) != declared.end();
    if (!is_known) {
      record.addresses.push_back(address);
    }
  }
  return record;
}

}  // namespace directory

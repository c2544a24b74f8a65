// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/address_owners.h"
#include "directory/api/answer.h"
#include "directory/api/lookup.h"
#include "directory/store/directory_content.h"
#include "directory/store/records.h"

#include <cstddef>
#include <expected>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace directory {

/// An address to give to a person, and where it stands in the request.
struct GivenAddress {
  std::string text;       ///< as it came
  std::string canonical;  ///< once checked
  std::string pointer;    ///< to the field
  std::size_t line = 0;   ///< from 1
};

/// Checks the text and sets the canonical form.
[[nodiscard]] std::expected<void, Problem> check_address(GivenAddress& given);

/// Refuses an address that is somebody else's: mail from it would be taken for that person's.
[[nodiscard]] std::expected<void, Problem> check_owner(const GivenAddress& given,
                                                       const AddressOwners& owners,
                                                       const AddressOwner& person,
                                                       const std::vector<DirectoryLookup>& lookups);

/// The record with these addresses, without those that directory.yaml declares or the directory
/// has.
[[nodiscard]] AddedSecondaryEmails made_record(const DirectoryLookup& lookup,
                                               const StoredUser& user,
                                               const std::set<std::string, std::less<>>& addresses);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/lookup.h"
#include "policy/result.h"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace directory {

/// A person who has an address.
struct AddressOwner {
  std::size_t lookup = 0;  ///< in which directory, as an index
  std::string id;
  std::string name;  ///< display name

  friend bool operator==(const AddressOwner&, const AddressOwner&) = default;
};

/// The owners of addresses (canonical).
using AddressOwners = std::multimap<std::string, AddressOwner, std::less<>>;

/// Who has these addresses (canonical): of the directory, as principal name or as secondary email.
/// Reads the people of the directories once.
[[nodiscard]] policy::Result<AddressOwners> find_owners(
    const std::vector<DirectoryLookup>& lookups,
    const std::set<std::string, std::less<>>& addresses);

}  // namespace directory

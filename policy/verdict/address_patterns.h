// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// A named list of addresses and domains (`lists` in policy.yaml). Immutable: rules share it.
struct AddressList {
  std::string name;
  /// Canonical addresses, and `*@domain` for every address of that domain; sorted, none twice.
  std::vector<std::string> patterns;
};

/// The lists of a policy by name.
using AddressLists = std::map<std::string, std::shared_ptr<const AddressList>, std::less<>>;

/// What a `from` or `recipients` lists: patterns of its own, and lists by name.
struct AddressPatterns {
  std::vector<std::string> patterns;  ///< as in `AddressList`
  std::vector<std::shared_ptr<const AddressList>> lists;

  [[nodiscard]] bool empty() const { return patterns.empty() && lists.empty(); }
};

/// What an address was found in.
struct PatternMatch {
  bool found = false;
  const AddressList* list = nullptr;  ///< the list that has it; null if a pattern of their own has

  explicit operator bool() const { return found; }
};

/// Looks for a canonical address.
[[nodiscard]] PatternMatch find_address(const AddressPatterns& patterns,
                                        const std::string& address);

/// Whether every address that `others` lists is listed by `mine`, as far as the texts show it. An
/// empty condition lists every address.
[[nodiscard]] bool cover_addresses(const AddressPatterns& mine, const AddressPatterns& others);

}  // namespace policy

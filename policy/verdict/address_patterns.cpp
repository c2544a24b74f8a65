// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/address_patterns.h"

#include "policy/mail_address.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

using Texts = std::vector<std::string>;

// Whether the list has `*@domain`; compared in place, for this is asked for each rule.
bool lists_domain(const Texts& list, std::string_view domain) {
  constexpr std::string_view kWholeDomain = "*@";
  const auto is_before = [&](const std::string& text) {
    const int head = text.compare(0, kWholeDomain.size(), kWholeDomain);
    return head != 0 ? head < 0 : std::string_view{text}.substr(kWholeDomain.size()) < domain;
  };
  const auto found = std::ranges::partition_point(list, is_before);
  return found != list.end() && found->starts_with(kWholeDomain) &&
         std::string_view{*found}.substr(kWholeDomain.size()) == domain;
}

// Whether the list has the address or its domain. A `*@domain` counts as an address of it.
bool lists_address(const Texts& list, const std::string& address) {
  return std::ranges::binary_search(list, address) || lists_domain(list, domain_of(address));
}

}  // namespace

PatternMatch find_address(const AddressPatterns& patterns, const std::string& address) {
  if (lists_address(patterns.patterns, address)) {
    return {.found = true};
  }
  const auto list = std::ranges::find_if(
      patterns.lists, [&](const auto& each) { return lists_address(each->patterns, address); });
  return list == patterns.lists.end() ? PatternMatch{}
                                      : PatternMatch{.found = true, .list = list->get()};
}

bool cover_addresses(const AddressPatterns& mine, const AddressPatterns& others) {
  if (mine.empty()) {
    return true;
  }
  const auto has = [&](const std::string& address) { return find_address(mine, address).found; };
  return !others.empty() && std::ranges::all_of(others.patterns, has) &&
         std::ranges::all_of(others.lists, [&](const std::shared_ptr<const AddressList>& list) {
           return std::ranges::find(mine.lists, list) != mine.lists.end() ||
                  std::ranges::all_of(list->patterns, has);
         });
}

}  // namespace policy

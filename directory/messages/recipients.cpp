// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/recipients.h"

#include "directory/people/group_closure.h"
#include "directory/store/directory_content.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;
using Addresses = std::set<std::string, std::less<>>;

// Adds the address of `SMTP: ada@contoso.com`; other kinds of address take no mail.
void add_proxy(std::string_view proxy, Addresses& all) {
  constexpr std::string_view kScheme = "smtp:";
  const auto is_same = [](char a, char b) { return (a | 0x20) == b; };
  if (proxy.size() > kScheme.size() &&
      std::ranges::equal(
          proxy.substr(0, kScheme.size() - 1), kScheme.substr(0, kScheme.size() - 1), is_same) &&
      proxy[kScheme.size() - 1] == ':') {
    all.insert(policy::canonical_address(proxy.substr(kScheme.size())));
  }
}

Addresses addresses_of(const std::string& mail, const std::vector<std::string>& proxies) {
  Addresses all;
  if (!mail.empty()) {
    all.insert(policy::canonical_address(mail));
  }
  for (const std::string& proxy : proxies) {
    add_proxy(proxy, all);
  }
  return all;
}

Addresses addresses_of(const StoredUser& user) {
  Addresses all = addresses_of(user.mail, user.proxy_addresses);
  all.insert(policy::canonical_address(user.user_principal_name));
  return all;
}

// Looks for addresses, and remembers which were found.
class Search {
 public:
  explicit Search(const std::vector<std::string>& addresses) : asked_(addresses) {
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      for (const std::string& form : policy::address_lookup_forms(addresses[i])) {
        wanted_[form].push_back(i);
      }
    }
    is_found_.resize(addresses.size());
  }

  // Whether one of these addresses is asked for; the first as it was asked, if so.
  const std::string* take(const Addresses& owned) {
    const std::string* first = nullptr;
    for (const std::string& address : owned) {
      const auto found = wanted_.find(address);
      if (found == wanted_.end()) {
        continue;
      }
      for (const std::size_t index : found->second) {
        is_found_[index] = true;
        first = first == nullptr ? &asked_[index] : first;
      }
    }
    return first;
  }

  [[nodiscard]] std::vector<std::string> unknown() const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      if (!is_found_[i]) {
        all.push_back(asked_[i]);
      }
    }
    return all;
  }

 private:
  const std::vector<std::string>& asked_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> wanted_;
  std::vector<bool> is_found_;
};

// Groups that are asked for, by id, with their place among the expanded ones.
using WantedGroups = std::map<std::string, std::size_t, std::less<>>;

Result<WantedGroups> find_groups(const ContentView& view, Search& search, Recipients& recipients) {
  WantedGroups wanted;
  const auto read = view.for_each_group([&](const StoredGroup& group) -> Result<bool> {
    const auto* asked = search.take(addresses_of(group.mail, group.proxy_addresses));
    if (asked != nullptr) {
      wanted.emplace(group.id, recipients.groups.size());
      recipients.groups.push_back({.address = *asked, .name = group.display_name});
    }
    return true;
  });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return wanted;
}

// Tells of users which of the wanted groups they are in.
class Membership {
 public:
  static Result<Membership> of(const ContentView& view, const WantedGroups& wanted) {
    auto closure = GroupClosure::of(view);
    if (!closure.has_value()) {
      return std::unexpected{std::move(closure).error()};
    }
    return Membership{*std::move(closure), wanted};
  }

  // Counts the user as a member of those that it is in; whether there is one.
  bool count(const std::vector<std::string>& direct_groups, std::vector<ExpandedGroup>& groups) {
    bool is_in_one = false;
    for (const std::uint32_t index : closure_.closed(direct_groups)) {
      if (place_of_[index] < groups.size()) {
        ++groups[place_of_[index]].members;
        is_in_one = true;
      }
    }
    return is_in_one;
  }

 private:
  Membership(GroupClosure closure, const WantedGroups& wanted)
      : closure_(std::move(closure)), place_of_(closure_.size(), wanted.size()) {
    for (std::uint32_t i = 0; i < place_of_.size(); ++i) {
      const auto found = wanted.find(closure_.group(i).id);
      if (found != wanted.end()) {
        place_of_[i] = found->second;
      }
    }
  }

  GroupClosure closure_;
  std::vector<std::size_t> place_of_;  // among the wanted, by index in the closure
};

}  // namespace

Result<Recipients> find_recipients(const ContentView& view,
                                   const std::vector<std::string>& addresses) {
  Search search{addresses};
  Recipients recipients;
  const auto wanted = find_groups(view, search, recipients);
  if (!wanted.has_value()) {
    return std::unexpected{wanted.error()};
  }
  auto membership = Membership::of(view, *wanted);
  if (!membership.has_value()) {
    return std::unexpected{std::move(membership).error()};
  }
  const auto read = view.for_each_user(
      [&](const StoredUser& user, const std::vector<std::string>& groups) -> Result<bool> {
        const bool is_asked = search.take(addresses_of(user)) != nullptr;
        const bool is_member =
            !recipients.groups.empty() && membership->count(groups, recipients.groups);
        if (is_asked || is_member) {
          recipients.mailboxes.push_back(
              {.user_id = user.id,
               .address = user.mail.empty() ? user.user_principal_name : user.mail});
        }
        return true;
      });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  recipients.unknown = search.unknown();
  return recipients;
}

}  // namespace directory

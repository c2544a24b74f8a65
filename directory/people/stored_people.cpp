// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/stored_people.h"

#include "directory/people/directory_user.h"
#include "directory/people/group_closure.h"
#include "directory/people/protection.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::string_view kPrimaryPrefix = "SMTP:";
constexpr std::string_view kSecondaryPrefix = "smtp:";

// Tenants hold addresses with a blank before them, and with quotes left over from a list.
std::string_view without_strays(std::string_view text) {
  constexpr std::string_view kStrays = " \t'\"";
  const std::size_t first = text.find_first_not_of(kStrays);
  return first == std::string_view::npos
             ? std::string_view{}
             : text.substr(first, text.find_last_not_of(kStrays) - first + 1);
}

void add_address(std::vector<std::string>& addresses, std::string_view text) {
  auto address = policy::parse_configured_address(without_strays(text));
  if (address.has_value() && std::ranges::find(addresses, *address) == addresses.end()) {
    addresses.push_back(*std::move(address));
  }
}

void add_proxies(std::vector<std::string>& addresses,
                 const std::vector<std::string>& proxies,
                 std::string_view prefix) {
  for (const std::string_view proxy : proxies) {
    if (proxy.starts_with(prefix)) {
      add_address(addresses, proxy.substr(prefix.size()));
    }
  }
}

bool has_domain_of(const OrganizationSettings& organization, std::string_view address) {
  const std::string canonical = policy::canonical_address(address);
  return std::ranges::binary_search(organization.domains, policy::domain_of(canonical));
}

}  // namespace

std::vector<std::string> addresses_of(const StoredUser& user,
                                      const OrganizationSettings& organization) {
  std::vector<std::string> addresses;
  add_address(addresses, user.mail);
  add_proxies(addresses, user.proxy_addresses, kPrimaryPrefix);
  add_proxies(addresses, user.proxy_addresses, kSecondaryPrefix);
  if (has_domain_of(organization, user.user_principal_name)) {
    add_address(addresses, user.user_principal_name);
  }
  return addresses;
}

policy::Result<DirectoryPeople> protected_people(const ContentView& view,
                                                 const OrganizationSettings& organization) {
  auto closure = GroupClosure::of(view);
  if (!closure.has_value()) {
    return std::unexpected{std::move(closure).error()};
  }
  ProtectionFilter filter{organization};
  const auto take = [&](const StoredUser& stored,
                        const std::vector<std::string>& direct_groups) -> policy::Result<bool> {
    DirectoryUser user;
    user.id = stored.id;
    user.display_name = stored.display_name;
    user.given_name = stored.given_name;
    user.surname = stored.surname;
    user.addresses = addresses_of(stored, organization);
    for (const std::uint32_t index : closure->closed(direct_groups)) {
      user.groups.push_back(closure->group(index).name);
      user.group_ids.push_back(closure->group(index).id);
    }
    filter.take(user);
    return true;
  };
  if (auto read = view.for_each_user(take); !read.has_value()) {
    return std::unexpected{std::move(read).error()};
  }
  DirectoryPeople people = filter.finish();
  people.synced = view.sync_state().last_success;
  return people;
}

}  // namespace directory

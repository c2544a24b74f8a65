// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/truth.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/tenant.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {
namespace {

bool is_verified(const Tenant& tenant, std::string_view address) {
  const std::size_t at = address.rfind('@');
  const Domain* domain =
      at == std::string_view::npos ? nullptr : tenant.find_domain(address.substr(at + 1));
  return domain != nullptr && domain->is_verified;
}

// mail and SMTP proxies, of a user or a group.
std::set<std::string> mail_addresses(const json::object& properties) {
  std::set<std::string> addresses;
  if (const std::string_view mail = text_of(properties, "mail"); !mail.empty()) {
    addresses.insert(lower_case(trimmed(mail)));
  }
  const json::value* proxies = properties.if_contains("proxyAddresses");
  if (proxies == nullptr || !proxies->is_array()) {
    return addresses;
  }
  for (const json::value& proxy : proxies->get_array()) {
    const std::string lower = lower_case({proxy.as_string().data(), proxy.as_string().size()});
    if (lower.starts_with("smtp:")) {
      addresses.emplace(trimmed(std::string_view{lower}.substr(5)));
    }
  }
  return addresses;
}

json::object told(const Tenant& tenant, ObjectRef user) {
  const DirectoryObject& object = tenant.directory.object(user);
  const auto addresses = addresses_of(tenant, user);
  json::object person;
  person["id"] = object.id;
  person["displayName"] = text_of(object.properties, "displayName");
  person["addresses"] = json::array(addresses.begin(), addresses.end());
  return person;
}

// Of some users, sorted by id.
json::array told(const Tenant& tenant, const std::set<ObjectRef>& users) {
  std::vector<json::object> people;
  people.reserve(users.size());
  for (const ObjectRef user : users) {
    people.push_back(told(tenant, user));
  }
  std::ranges::sort(people, [](const json::object& a, const json::object& b) {
    return text_of(a, "id") < text_of(b, "id");
  });
  json::array told_all(people.begin(), people.end());
  return told_all;
}

}  // namespace

std::set<std::string> addresses_of(const Tenant& tenant, ObjectRef user) {
  const json::object& properties = tenant.directory.object(user).properties;
  std::set<std::string> addresses = mail_addresses(properties);
  const std::string_view name = text_of(properties, "userPrincipalName");
  if (is_verified(tenant, name)) {
    addresses.insert(lower_case(name));
  }
  return addresses;
}

json::array people_of(const Tenant& tenant, const std::vector<ObjectRef>& groups) {
  std::set<ObjectRef> users;
  for (const ObjectRef group : groups) {
    for (const ObjectRef member : tenant.directory.transitive_members(group)) {
      if (member.kind == ObjectKind::kUser) {
        users.insert(member);
      }
    }
  }
  return told(tenant, users);
}

json::array all_people(const Tenant& tenant) {
  std::set<ObjectRef> users;
  const auto& objects = tenant.directory.objects(ObjectKind::kUser);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (objects[i].presence == Presence::kPresent) {
      users.insert({.kind = ObjectKind::kUser, .position = i});
    }
  }
  return told(tenant, users);
}

std::set<std::string> recipients(const Tenant& tenant) {
  std::set<std::string> addresses;
  for (const ObjectKind kind : {ObjectKind::kUser, ObjectKind::kGroup}) {
    for (std::size_t i = 0; i < tenant.directory.objects(kind).size(); ++i) {
      const ObjectRef ref{.kind = kind, .position = i};
      const DirectoryObject& object = tenant.directory.object(ref);
      if (object.presence != Presence::kPresent) {
        continue;
      }
      auto found =
          kind == ObjectKind::kUser ? addresses_of(tenant, ref) : mail_addresses(object.properties);
      std::erase_if(found, [&](const std::string& one) { return !is_verified(tenant, one); });
      addresses.merge(found);
    }
  }
  return addresses;
}

}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/generator.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/generated_names.h"
#include "tests/support/microsoft/random.h"
#include "tests/support/microsoft/tenant.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace tests::microsoft {
namespace {

constexpr std::string_view kDomain = "contoso.example";
constexpr std::string_view kInitialDomain = "contoso.onmicrosoft.example";
constexpr std::string_view kSecondDomain = "fabrikam.example";
constexpr std::string_view kPartnerDomain = "partner.example";

constexpr double kGuests = 0.03;
constexpr double kMailless = 0.04;
constexpr double kDisabled = 0.05;
constexpr std::size_t kDepth = 6;

constexpr auto kDepartments = std::to_array<std::string_view>(
    {"Sales", "Finance", "Legal", "Engineering", "Operations", "Marketing", "Support"});
constexpr auto kPlaces =
    std::to_array<std::string_view>({"Oslo", "Lyon", "Graz", "Leeds", "Porto", "Gdansk", "Turin"});
constexpr auto kTitles = std::to_array<std::string_view>(
    {"Analyst", "Director", "Engineer", "Manager", "Specialist", "Consultant"});

std::string address(std::string_view mailbox, std::string_view domain) {
  return fmt::format("{}@{}", mailbox, domain);
}

// Addresses as Exchange writes them; a few with the space that real ones have.
json::array proxy_addresses(const std::string& mailbox, Random& random) {
  json::array proxies;
  const bool is_odd = random.happens(0.01);
  proxies.emplace_back((is_odd ? "SMTP: " : "SMTP:") + address(mailbox, kDomain));
  if (random.happens(0.5)) {
    proxies.emplace_back("smtp:" + address(mailbox, kInitialDomain));
  }
  if (random.happens(0.3)) {
    proxies.emplace_back("smtp:" + address(mailbox, kSecondDomain));
  }
  if (random.happens(0.3)) {
    proxies.emplace_back("SIP:" + address(mailbox, kDomain));
  }
  return proxies;
}

void make_guest(json::object& user, const std::string& mailbox) {
  const std::string mail = address(mailbox, kPartnerDomain);
  user["userType"] = "Guest";
  user["mail"] = mail;
  user["otherMails"] = json::array({mail});
  user["proxyAddresses"] = json::array({"SMTP:" + mail});
  user["userPrincipalName"] = fmt::format("{}_{}#EXT#@{}", mailbox, kPartnerDomain, kInitialDomain);
}

json::object made_user(std::size_t number, Random& random) {
  const GeneratedName name = generated_name(number);
  // Two names may look alike in ASCII; the number keeps their addresses apart.
  const std::string mailbox = fmt::format("{}{}", name.mailbox, number);
  json::object user;
  user["id"] = random.uuid();
  user["displayName"] = fmt::format("{} {}", name.given, name.surname);
  user["givenName"] = name.given;
  user["surname"] = name.surname;
  user["mailNickname"] = mailbox;
  user["userPrincipalName"] = address(mailbox, kDomain);
  user["userType"] = "Member";
  user["accountEnabled"] = !random.happens(kDisabled);
  user["createdDateTime"] = "2020-01-01T00:00:00Z";
  user["department"] = kDepartments[random.below(kDepartments.size())];
  if (random.happens(0.8)) {
    user["jobTitle"] = kTitles[random.below(kTitles.size())];
  }
  if (random.happens(kGuests)) {
    make_guest(user, mailbox);
  } else if (!random.happens(kMailless)) {
    user["mail"] = address(mailbox, kDomain);
    user["proxyAddresses"] = proxy_addresses(mailbox, random);
  }
  return user;
}

void add_application(Tenant& tenant, Random& random) {
  tenant.applications.push_back(
      {.client_id = random.uuid(),
       .service_principal = random.uuid(),
       .secret = random.opaque_text(40),
       .is_secret_expired = false,
       .certificates = {},
       .graph_roles = {"User.Read.All", "GroupMember.Read.All", "Domain.Read.All"},
       .exchange_roles = {"Exchange.ManageAsApp"},
       .is_consented = true});
}

void add_domains(Tenant& tenant) {
  const Domain initial{.name = std::string{kInitialDomain},
                       .is_initial = true,
                       .supported_services = {"Email", "OfficeCommunicationsOnline"},
                       .mail_exchange = "contoso-onmicrosoft-example.mail.protection.outlook.com"};
  const Domain main{.name = std::string{kDomain},
                    .is_default = true,
                    .supported_services = {"Email", "OfficeCommunicationsOnline", "Intune"},
                    .mail_exchange = "contoso-example.mail.protection.outlook.com"};
  const Domain second{.name = std::string{kSecondDomain},
                      .supported_services = {"Email"},
                      .mail_exchange = "fabrikam-example.k-v1.mx.microsoft"};
  const Domain mailless{
      .name = "intranet.example", .supported_services = {"Sharepoint"}, .mail_exchange = {}};
  const Domain pending{.name = "pending.example",
                       .is_verified = false,
                       .supported_services = {},
                       .mail_exchange = {}};
  tenant.domains = {initial, main, second, mailless, pending};
}

ObjectRef add_group(Tenant& tenant, const std::string& name, bool has_mail, Random& random) {
  json::object group;
  group["id"] = random.uuid();
  group["displayName"] = name;
  group["mailEnabled"] = has_mail;
  group["securityEnabled"] = !has_mail;
  group["groupTypes"] = has_mail ? json::array({"Unified"}) : json::array();
  if (has_mail) {
    std::string mailbox = name;
    std::ranges::replace(mailbox, ' ', '-');
    group["mail"] = address(mailbox, kDomain);
    group["proxyAddresses"] = json::array({"SMTP:" + address(mailbox, kDomain)});
  }
  return tenant.directory.add(ObjectKind::kGroup, std::move(group));
}

void add_random_members(Tenant& tenant, ObjectRef group, std::size_t count, Random& random) {
  const std::size_t people = tenant.directory.objects(ObjectKind::kUser).size();
  for (std::size_t i = 0; i < count && people > 0; ++i) {
    const ObjectRef user{.kind = ObjectKind::kUser, .position = random.below(people)};
    tenant.directory.set_member(group, user, true);
  }
}

void add_executives(Tenant& tenant, Random& random) {
  const ObjectRef executives = add_group(tenant, "Executives", true, random);
  const ObjectRef assistants = add_group(tenant, "Executive Assistants", false, random);
  add_random_members(tenant, executives, 20, random);
  add_random_members(tenant, assistants, 5, random);
  tenant.directory.set_member(executives, assistants, true);
}

// Chains of groups, each in the one before; each fourth chain ends in its own beginning.
void add_nested_groups(Tenant& tenant, std::size_t count, Random& random) {
  ObjectRef head;
  ObjectRef around;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = fmt::format("{} {} {}",
                                         kDepartments[i % kDepartments.size()],
                                         kPlaces[i / kDepartments.size() % kPlaces.size()],
                                         i);
    const ObjectRef group = add_group(tenant, name, random.happens(0.5), random);
    add_random_members(tenant, group, 2 + random.below(30), random);
    if (i % kDepth == 0) {
      head = group;
    } else {
      tenant.directory.set_member(around, group, true);
    }
    if (i % (kDepth * 4) == kDepth - 1) {
      tenant.directory.set_member(group, head, true);
    }
    around = group;
  }
}

}  // namespace

ObjectRef add_generated_person(Tenant& tenant, Random& random) {
  Directory& directory = tenant.directory;
  return directory.add(ObjectKind::kUser,
                       made_user(directory.objects(ObjectKind::kUser).size(), random));
}

void populate(Tenant& tenant, const GeneratorSettings& settings, Random& random) {
  tenant.id = random.uuid();
  tenant.display_name = "Contoso";
  add_application(tenant, random);
  add_domains(tenant);
  for (std::size_t i = 0; i < settings.people; ++i) {
    add_generated_person(tenant, random);
  }
  add_executives(tenant, random);
  const ObjectRef north = add_group(tenant, "All of the North", false, random);
  for (std::size_t i = 0; i < settings.people; i += 10) {
    tenant.directory.set_member(north, {.kind = ObjectKind::kUser, .position = i}, true);
  }
  constexpr std::size_t kAlwaysThere = 3;
  add_nested_groups(
      tenant, settings.groups > kAlwaysThere ? settings.groups - kAlwaysThere : 0, random);
}

}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/graph_json_list.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/tenant.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

json::array words(const std::vector<std::string>& all) {
  json::array told_all(all.begin(), all.end());
  return told_all;
}

json::object told(const Domain& domain) {
  json::object properties;
  properties["id"] = domain.name;
  properties["authenticationType"] = domain.authentication_type;
  properties["availabilityStatus"] = nullptr;
  properties["isAdminManaged"] = true;
  properties["isDefault"] = domain.is_default;
  properties["isInitial"] = domain.is_initial;
  properties["isRoot"] = true;
  properties["isVerified"] = domain.is_verified;
  properties["supportedServices"] = words(domain.supported_services);
  properties["passwordValidityPeriodInDays"] = 2147483647;
  properties["passwordNotificationWindowInDays"] = 14;
  properties["state"] = nullptr;
  return properties;
}

Response collection(const GraphCall& call, std::string_view name, json::array value) {
  json::object body;
  body["@odata.context"] = context_of(call, name);
  body["value"] = std::move(value);
  return json_answer(body);
}

// The names of EntityType organization in the metadata of v1.0.
constexpr auto kOrganizationNames =
    std::to_array<std::string_view>({"assignedPlans",
                                     "businessPhones",
                                     "city",
                                     "country",
                                     "countryLetterCode",
                                     "createdDateTime",
                                     "defaultUsageLocation",
                                     "deletedDateTime",
                                     "displayName",
                                     "id",
                                     "isMultipleDataLocationsForServicesEnabled",
                                     "marketingNotificationEmails",
                                     "mobileDeviceManagementAuthority",
                                     "onPremisesLastSyncDateTime",
                                     "onPremisesSyncEnabled",
                                     "partnerTenantType",
                                     "postalCode",
                                     "preferredLanguage",
                                     "privacyProfile",
                                     "provisionedPlans",
                                     "securityComplianceNotificationMails",
                                     "securityComplianceNotificationPhones",
                                     "state",
                                     "street",
                                     "technicalNotificationMails",
                                     "tenantType",
                                     "verifiedDomains"});

// The record that proves whose the domain is: the same for a domain each time.
std::string verification_text(const Domain& domain) {
  constexpr std::uint32_t kEightDigits = 100'000'000;
  std::uint32_t sum = 0;
  for (const char c : domain.name) {
    sum = (sum * 31 + static_cast<unsigned char>(c)) % kEightDigits;
  }
  return "MS=ms" + std::to_string(sum);
}

json::object verification_record(const GraphCall& call,
                                 const Domain& domain,
                                 std::string_view kind) {
  json::object record;
  record["@odata.type"] = "#microsoft.graph.domainDns" + std::string{kind} + "Record";
  record["id"] = call.world->random.uuid();
  record["isOptional"] = false;
  record["label"] = domain.name;
  record["recordType"] = kind;
  record["supportedService"] = nullptr;
  record["ttl"] = 3600;
  return record;
}

}  // namespace

Response answer_domains(const GraphCall& call) {
  const auto allowed = allow_options(call, {});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  json::array value;
  for (const Domain& domain : call.site->tenant.domains) {
    value.push_back(told(domain));
  }
  return collection(call, "domains", std::move(value));
}

Response answer_domain(const GraphCall& call) {
  const Domain* domain = call.site->tenant.find_domain(call.path[1]);
  if (domain == nullptr) {
    return resource_not_found(call, call.path[1]);
  }
  json::object body = told(*domain);
  body["@odata.context"] = context_of(call, "domains/$entity");
  return json_answer(body);
}

Response answer_service_records(const GraphCall& call) {
  const Domain* domain = call.site->tenant.find_domain(call.path[1]);
  if (domain == nullptr || !domain->is_verified) {
    return resource_not_found(call, call.path[1]);
  }
  json::array value;
  if (!domain->mail_exchange.empty()) {
    json::object mx;
    mx["@odata.type"] = "microsoft.graph.domainDnsMxRecord";
    mx["id"] = call.world->random.uuid();
    mx["isOptional"] = false;
    mx["label"] = domain->name;
    mx["recordType"] = "Mx";
    mx["supportedService"] = "Email";
    mx["ttl"] = 3600;
    mx["mailExchange"] = domain->mail_exchange;
    mx["preference"] = 0;
    json::object text;
    text["@odata.type"] = "#microsoft.graph.domainDnsTxtRecord";
    text["id"] = call.world->random.uuid();
    text["isOptional"] = false;
    text["label"] = domain->name;
    text["recordType"] = "Txt";
    text["supportedService"] = "Email";
    text["ttl"] = 3600;
    text["text"] = "v=spf1 include:spf.protection.outlook.com -all";
    value.push_back(std::move(text));
    value.push_back(std::move(mx));
  }
  return collection(
      call, "domains('" + domain->name + "')/serviceConfigurationRecords", std::move(value));
}

Response answer_verification_records(const GraphCall& call) {
  const Domain* domain = call.site->tenant.find_domain(call.path[1]);
  if (domain == nullptr) {
    return resource_not_found(call, call.path[1]);
  }
  json::object mx = verification_record(call, *domain, "Mx");
  mx["mailExchange"] = "ms12345678.msv1.invalid";
  mx["preference"] = 32767;
  json::object text = verification_record(call, *domain, "Txt");
  text["text"] = verification_text(*domain);
  return collection(call,
                    "domains('" + domain->name + "')/verificationDnsRecords",
                    json::array({std::move(mx), std::move(text)}));
}

Response answer_organization(const GraphCall& call) {
  const auto allowed = allow_options(call, {"$select"});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  const Tenant& tenant = call.site->tenant;
  json::array verified;
  for (const Domain& domain : tenant.domains) {
    if (domain.is_verified) {
      json::object told_domain;
      told_domain["name"] = domain.name;
      told_domain["isDefault"] = domain.is_default;
      told_domain["isInitial"] = domain.is_initial;
      told_domain["type"] = "Managed";
      verified.push_back(std::move(told_domain));
    }
  }
  json::object organization;
  organization["id"] = tenant.id;
  organization["displayName"] = tenant.display_name;
  organization["verifiedDomains"] = std::move(verified);
  // Whoever may read users, but not the organization, is told no more than this.
  if (has_role(call,
               {"Organization.Read.All",
                "Organization.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All"})) {
    for (const auto& property : call.site->posture.organization) {
      organization.insert_or_assign(property.key(), property.value());
    }
  }
  organization.emplace("onPremisesSyncEnabled", nullptr);
  organization.emplace("onPremisesLastSyncDateTime", nullptr);
  auto told_all = selected(call, json::array({std::move(organization)}), kOrganizationNames);
  return told_all.has_value() ? collection(call, "organization", *std::move(told_all))
                              : told_all.error();
}

}  // namespace tests::microsoft

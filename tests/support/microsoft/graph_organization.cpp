// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/filter.h"
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/permissions.h"
#include "tests/support/microsoft/tenant.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

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
  properties["authenticationType"] = "Managed";
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

json::object told(const Application& application) {
  json::object properties;
  properties["id"] = application.service_principal;
  properties["appId"] = application.client_id;
  properties["displayName"] = "fromguard";
  properties["accountEnabled"] = true;
  properties["servicePrincipalType"] = "Application";
  return properties;
}

void add_assignments(json::array& assignments,
                     const Application& application,
                     const std::vector<std::string>& roles,
                     std::string_view resource) {
  for (const std::string& role : roles) {
    json::object assignment;
    assignment["appRoleId"] = app_role_id(role);
    assignment["principalId"] = application.service_principal;
    assignment["principalType"] = "ServicePrincipal";
    assignment["resourceDisplayName"] = resource;
    assignments.push_back(std::move(assignment));
  }
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

Response answer_organization(const GraphCall& call) {
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
  organization["onPremisesSyncEnabled"] = nullptr;
  organization["onPremisesLastSyncDateTime"] = nullptr;
  return collection(call, "organization", json::array({std::move(organization)}));
}

Response answer_service_principals(const GraphCall& call) {
  const auto conditions = parse_filter(call.query.find("$filter").value_or(""));
  if (!conditions.has_value() || conditions->size() != 1 ||
      conditions->front().property != "appId" ||
      conditions->front().kind != Condition::Kind::kEquals) {
    return bad_request(call, "Filter by appId eq '...'.");
  }
  json::array value;
  const Application* application = call.site->tenant.find_application(conditions->front().value);
  if (application != nullptr) {
    value.push_back(told(*application));
  }
  return collection(call, "servicePrincipals", std::move(value));
}

Response answer_role_assignments(const GraphCall& call) {
  for (const Application& application : call.site->tenant.applications) {
    if (application.service_principal == call.path[1]) {
      json::array value;
      add_assignments(value, application, application.graph_roles, "Microsoft Graph");
      add_assignments(value, application, application.exchange_roles, "Office 365 Exchange Online");
      return collection(call, "appRoleAssignments", std::move(value));
    }
  }
  return resource_not_found(call, call.path[1]);
}

}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/filter.h"
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/graph_json_list.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/permissions.h"
#include "tests/support/microsoft/tenant.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

// The names of EntityType application and servicePrincipal in the metadata of v1.0. What Microsoft
// certified is told of an application, not of a service principal.
constexpr auto kApplicationNames = std::to_array<std::string_view>({"addIns",
                                                                    "api",
                                                                    "appId",
                                                                    "appRoles",
                                                                    "applicationTemplateId",
                                                                    "certification",
                                                                    "createdDateTime",
                                                                    "defaultRedirectUri",
                                                                    "deletedDateTime",
                                                                    "description",
                                                                    "disabledByMicrosoftStatus",
                                                                    "displayName",
                                                                    "groupMembershipClaims",
                                                                    "id",
                                                                    "identifierUris",
                                                                    "info",
                                                                    "isDeviceOnlyAuthSupported",
                                                                    "isFallbackPublicClient",
                                                                    "keyCredentials",
                                                                    "logo",
                                                                    "notes",
                                                                    "optionalClaims",
                                                                    "parentalControlSettings",
                                                                    "passwordCredentials",
                                                                    "publicClient",
                                                                    "publisherDomain",
                                                                    "requiredResourceAccess",
                                                                    "samlMetadataUrl",
                                                                    "serviceManagementReference",
                                                                    "signInAudience",
                                                                    "spa",
                                                                    "tags",
                                                                    "tokenEncryptionKeyId",
                                                                    "uniqueName",
                                                                    "verifiedPublisher",
                                                                    "web"});
constexpr auto kServicePrincipalNames =
    std::to_array<std::string_view>({"accountEnabled",
                                     "addIns",
                                     "alternativeNames",
                                     "appDescription",
                                     "appDisplayName",
                                     "appId",
                                     "appOwnerOrganizationId",
                                     "appRoleAssignmentRequired",
                                     "appRoles",
                                     "applicationTemplateId",
                                     "customSecurityAttributes",
                                     "deletedDateTime",
                                     "description",
                                     "disabledByMicrosoftStatus",
                                     "displayName",
                                     "homepage",
                                     "id",
                                     "info",
                                     "keyCredentials",
                                     "loginUrl",
                                     "logoutUrl",
                                     "notes",
                                     "notificationEmailAddresses",
                                     "oauth2PermissionScopes",
                                     "passwordCredentials",
                                     "preferredSingleSignOnMode",
                                     "replyUrls",
                                     "resourceSpecificApplicationPermissions",
                                     "servicePrincipalNames",
                                     "servicePrincipalType",
                                     "signInAudience",
                                     "tags",
                                     "tokenEncryptionKeyId",
                                     "verifiedPublisher"});

// Service principals of Microsoft's in the tenant, and the tenant of Microsoft's services.
constexpr std::string_view kGraphPrincipal = "5e000000-0000-4000-8000-000000000003";
constexpr std::string_view kExchangePrincipal = "5e000000-0000-4000-8000-000000000002";
constexpr std::string_view kGraphName = "Microsoft Graph";
constexpr std::string_view kExchangeName = "Office 365 Exchange Online";
constexpr std::string_view kMicrosoftServices = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

json::object service_principal(std::string_view id,
                               std::string_view app_id,
                               std::string_view name,
                               std::string_view owner) {
  json::object publisher;
  publisher["displayName"] = nullptr;
  publisher["verifiedPublisherId"] = nullptr;
  publisher["addedDateTime"] = nullptr;
  json::object properties;
  properties["id"] = id;
  properties["appId"] = app_id;
  properties["displayName"] = name;
  properties["accountEnabled"] = true;
  properties["appOwnerOrganizationId"] = owner;
  properties["disabledByMicrosoftStatus"] = nullptr;
  properties["servicePrincipalType"] = "Application";
  properties["verifiedPublisher"] = std::move(publisher);
  return properties;
}

void add_assignments(json::array& assignments,
                     const Application& application,
                     const std::vector<std::string>& roles,
                     std::string_view resource_id,
                     std::string_view resource) {
  for (const std::string& role : roles) {
    json::object assignment;
    assignment["id"] = role + "-of-" + application.service_principal;
    assignment["appRoleId"] = app_role_id(role);
    assignment["principalId"] = application.service_principal;
    assignment["principalType"] = "ServicePrincipal";
    assignment["resourceDisplayName"] = resource;
    assignment["resourceId"] = resource_id;
    assignments.push_back(std::move(assignment));
  }
}

json::array all_service_principals(const Site& site) {
  json::array all;
  for (const Application& application : site.tenant.applications) {
    all.push_back(service_principal(
        application.service_principal, application.client_id, "fromguard", site.tenant.id));
  }
  all.push_back(service_principal(
      kGraphPrincipal, "00000003-0000-0000-c000-000000000000", kGraphName, kMicrosoftServices));
  all.push_back(service_principal(kExchangePrincipal,
                                  "00000002-0000-0ff1-ce00-000000000000",
                                  kExchangeName,
                                  kMicrosoftServices));
  all.insert(
      all.end(), site.posture.service_principals.begin(), site.posture.service_principals.end());
  return all;
}

bool is_one_of(const json::array& principals, std::string_view id) {
  return std::ranges::any_of(principals, [&](const json::value& principal) {
    return text_of(principal.as_object(), "id") == id;
  });
}

}  // namespace

Response answer_applications(const GraphCall& call) {
  const auto allowed = allow_options(call, {"$select", "$skiptoken", "$top"});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  const auto told_all = selected(call, call.site->posture.applications, kApplicationNames);
  return told_all.has_value() ? answer_json_list(call, "applications", *told_all)
                              : told_all.error();
}

Response answer_service_principals(const GraphCall& call) {
  const auto allowed = allow_options(call, {"$select", "$skiptoken", "$top", "$filter"});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  json::array all = all_service_principals(*call.site);
  if (const auto filter = call.query.find("$filter"); filter.has_value()) {
    const auto conditions = parse_filter(*filter);
    if (!conditions.has_value() || conditions->size() != 1 ||
        conditions->front().property != "appId" ||
        conditions->front().kind != Condition::Kind::kEquals) {
      return bad_request(call, "Filter by appId eq '...'.");
    }
    json::array found;
    std::ranges::copy_if(all, std::back_inserter(found), [&](const json::value& principal) {
      return conditions->front().holds(text_of(principal.as_object(), "appId"));
    });
    all = std::move(found);
  }
  const auto told_all = selected(call, all, kServicePrincipalNames);
  return told_all.has_value() ? answer_json_list(call, "servicePrincipals", *told_all)
                              : told_all.error();
}

Response answer_role_assignments(const GraphCall& call) {
  const auto allowed = allow_options(call, {"$skiptoken", "$top"});
  if (!allowed.has_value()) {
    return allowed.error();
  }
  const Site& site = *call.site;
  const std::string& id = call.path[1];
  if (!is_one_of(all_service_principals(site), id)) {
    return resource_not_found(call, id);
  }
  json::array value;
  for (const Application& application : site.tenant.applications) {
    if (application.service_principal == id) {
      add_assignments(value, application, application.graph_roles, kGraphPrincipal, kGraphName);
      add_assignments(
          value, application, application.exchange_roles, kExchangePrincipal, kExchangeName);
    }
  }
  if (const json::value* set = site.posture.role_assignments.if_contains(id); set != nullptr) {
    value.insert(value.end(), set->as_array().begin(), set->as_array().end());
  }
  return answer_json_list(call, "appRoleAssignments", value);
}

Response answer_permission_grants(const GraphCall& call) {
  const auto allowed = allow_options(call, {"$skiptoken", "$top"});
  return allowed.has_value()
             ? answer_json_list(call, "oauth2PermissionGrants", call.site->posture.grants)
             : allowed.error();
}

}  // namespace tests::microsoft

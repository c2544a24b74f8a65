// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/selection.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {
namespace {

using Names = std::span<const std::string_view>;

// The names of EntityType user and group in the metadata of v1.0.
constexpr std::array kUserNames =
    std::to_array<std::string_view>({"accountEnabled",
                                     "ageGroup",
                                     "assignedLicenses",
                                     "assignedPlans",
                                     "authorizationInfo",
                                     "businessPhones",
                                     "city",
                                     "companyName",
                                     "consentProvidedForMinor",
                                     "country",
                                     "createdDateTime",
                                     "creationType",
                                     "customSecurityAttributes",
                                     "deletedDateTime",
                                     "department",
                                     "displayName",
                                     "employeeHireDate",
                                     "employeeId",
                                     "employeeLeaveDateTime",
                                     "employeeOrgData",
                                     "employeeType",
                                     "externalUserState",
                                     "externalUserStateChangeDateTime",
                                     "faxNumber",
                                     "givenName",
                                     "id",
                                     "identities",
                                     "imAddresses",
                                     "isManagementRestricted",
                                     "isResourceAccount",
                                     "jobTitle",
                                     "lastPasswordChangeDateTime",
                                     "legalAgeGroupClassification",
                                     "licenseAssignmentStates",
                                     "mail",
                                     "mailNickname",
                                     "mobilePhone",
                                     "officeLocation",
                                     "onPremisesDistinguishedName",
                                     "onPremisesDomainName",
                                     "onPremisesExtensionAttributes",
                                     "onPremisesImmutableId",
                                     "onPremisesLastSyncDateTime",
                                     "onPremisesProvisioningErrors",
                                     "onPremisesSamAccountName",
                                     "onPremisesSecurityIdentifier",
                                     "onPremisesSyncEnabled",
                                     "onPremisesUserPrincipalName",
                                     "otherMails",
                                     "passwordPolicies",
                                     "passwordProfile",
                                     "postalCode",
                                     "preferredDataLocation",
                                     "preferredLanguage",
                                     "provisionedPlans",
                                     "proxyAddresses",
                                     "securityIdentifier",
                                     "serviceProvisioningErrors",
                                     "showInAddressList",
                                     "signInActivity",
                                     "signInSessionsValidFromDateTime",
                                     "state",
                                     "streetAddress",
                                     "surname",
                                     "usageLocation",
                                     "userPrincipalName",
                                     "userType"});

constexpr std::array kGroupNames = std::to_array<std::string_view>({"allowExternalSenders",
                                                                    "assignedLabels",
                                                                    "assignedLicenses",
                                                                    "autoSubscribeNewMembers",
                                                                    "classification",
                                                                    "createdDateTime",
                                                                    "deletedDateTime",
                                                                    "description",
                                                                    "displayName",
                                                                    "expirationDateTime",
                                                                    "groupTypes",
                                                                    "hasMembersWithLicenseErrors",
                                                                    "hideFromAddressLists",
                                                                    "hideFromOutlookClients",
                                                                    "id",
                                                                    "isArchived",
                                                                    "isAssignableToRole",
                                                                    "isManagementRestricted",
                                                                    "isSubscribedByMail",
                                                                    "licenseProcessingState",
                                                                    "mail",
                                                                    "mailEnabled",
                                                                    "mailNickname",
                                                                    "membershipRule",
                                                                    "membershipRuleProcessingState",
                                                                    "onPremisesDomainName",
                                                                    "onPremisesLastSyncDateTime",
                                                                    "onPremisesNetBiosName",
                                                                    "onPremisesProvisioningErrors",
                                                                    "onPremisesSamAccountName",
                                                                    "onPremisesSecurityIdentifier",
                                                                    "onPremisesSyncEnabled",
                                                                    "preferredDataLocation",
                                                                    "preferredLanguage",
                                                                    "proxyAddresses",
                                                                    "renewedDateTime",
                                                                    "securityEnabled",
                                                                    "securityIdentifier",
                                                                    "serviceProvisioningErrors",
                                                                    "theme",
                                                                    "uniqueName",
                                                                    "unseenCount",
                                                                    "visibility"});

// Kept outside of the directory: refused on collections.
constexpr std::array kForeignUserNames = std::to_array<std::string_view>({"aboutMe",
                                                                          "birthday",
                                                                          "hireDate",
                                                                          "interests",
                                                                          "mailboxSettings",
                                                                          "mySite",
                                                                          "pastProjects",
                                                                          "preferredName",
                                                                          "responsibilities",
                                                                          "schools",
                                                                          "skills"});

constexpr std::array kUserDefaults = std::to_array<std::string_view>({"businessPhones",
                                                                      "displayName",
                                                                      "givenName",
                                                                      "id",
                                                                      "jobTitle",
                                                                      "mail",
                                                                      "mobilePhone",
                                                                      "officeLocation",
                                                                      "preferredLanguage",
                                                                      "surname",
                                                                      "userPrincipalName"});

constexpr std::array kGroupDefaults = std::to_array<std::string_view>({"classification",
                                                                       "createdDateTime",
                                                                       "deletedDateTime",
                                                                       "description",
                                                                       "displayName",
                                                                       "groupTypes",
                                                                       "id",
                                                                       "mail",
                                                                       "mailEnabled",
                                                                       "mailNickname",
                                                                       "proxyAddresses",
                                                                       "securityEnabled",
                                                                       "visibility"});

constexpr std::array kCollections = std::to_array<std::string_view>({"assignedLicenses",
                                                                     "assignedPlans",
                                                                     "businessPhones",
                                                                     "groupTypes",
                                                                     "identities",
                                                                     "imAddresses",
                                                                     "onPremisesProvisioningErrors",
                                                                     "otherMails",
                                                                     "provisionedPlans",
                                                                     "proxyAddresses",
                                                                     "serviceProvisioningErrors"});

bool contains(Names names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

void put(json::object& target, std::string_view name, const json::value& value) {
  target.insert_or_assign(name, value);
}

}  // namespace

std::expected<Selection, SelectionRefusal> select_properties(
    ObjectKind kind, const std::optional<std::string>& select, bool may_select_members) {
  const bool is_user = kind == ObjectKind::kUser;
  Selection selection;
  if (!select.has_value()) {
    const Names defaults = is_user ? Names{kUserDefaults} : Names{kGroupDefaults};
    selection.properties.assign(defaults.begin(), defaults.end());
    return selection;
  }
  selection.text = *select;
  // The id comes unasked.
  selection.properties.emplace_back("id");
  for (const std::string& name : split_trimmed(*select, ',')) {
    if (is_user && contains(kForeignUserNames, name)) {
      return std::unexpected{SelectionRefusal{.status = 501, .name = name}};
    }
    if (!is_user && may_select_members && name == "members") {
      selection.with_members = true;
    } else if (!contains(is_user ? Names{kUserNames} : Names{kGroupNames}, name)) {
      return std::unexpected{SelectionRefusal{.status = 400, .name = name}};
    } else if (name != "id") {
      selection.properties.push_back(name);
    }
  }
  return selection;
}

json::object set_properties(const DirectoryObject& object, const Selection& selection) {
  json::object set;
  set.reserve(selection.properties.size() + 1);
  for (const std::string& name : selection.properties) {
    if (const json::value* value = object.properties.if_contains(name)) {
      put(set, name, *value);
    }
  }
  return set;
}

json::object all_properties(const DirectoryObject& object, const Selection& selection) {
  json::object all;
  for (const std::string& name : selection.properties) {
    const json::value* value = object.properties.if_contains(name);
    if (value != nullptr) {
      put(all, name, *value);
    } else if (contains(kCollections, name)) {
      put(all, name, json::array());
    } else {
      put(all, name, nullptr);
    }
  }
  return all;
}

}  // namespace tests::microsoft

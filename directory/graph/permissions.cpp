// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/permissions.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

constexpr std::string_view kConsentRole = "Privileged Role Administrator";

constexpr std::array kTable{
    PermissionRow{.feature = "sync",
                  .permission = "User.Read.All",
                  .resource = kGraphResource,
                  .purpose = "names, addresses and state of all people",
                  .least = "User.Read.All",
                  .admin_role = kConsentRole},
    PermissionRow{.feature = "sync",
                  .permission = "GroupMember.Read.All",
                  .resource = kGraphResource,
                  .purpose = "groups and who is in them",
                  .least = "Group.ReadBasic.All + GroupMember.ReadBasic.All",
                  .admin_role = kConsentRole},
    PermissionRow{.feature = "sync",
                  .permission = "Domain.Read.All",
                  .resource = kGraphResource,
                  .purpose = "domains of the tenant and the mail exchange of each",
                  .least = "Domain.Read.All",
                  .admin_role = kConsentRole},
    PermissionRow{.feature = "posture",
                  .permission = "User.Read.All",
                  .resource = kGraphResource,
                  .purpose = "password, synchronisation and account settings of people",
                  .least = "User.Read.All",
                  .admin_role = kConsentRole},
    PermissionRow{.feature = "posture",
                  .permission = "UserAuthenticationMethod.Read.All",
                  .resource = kGraphResource,
                  .purpose = "FIDO2 and Windows Hello keys of people",
                  .least = "UserAuthMethod-Passkey.Read.All + UserAuthMethod-WindowsHello.Read.All",
                  .admin_role = kConsentRole},
    PermissionRow{.feature = "posture",
                  .permission = "MailboxSettings.Read",
                  .resource = kGraphResource,
                  .purpose = "inbox rules that send mail out of the organization, and which "
                             "mailboxes are shared",
                  .least = "MailboxSettings.Read",
                  .admin_role = kConsentRole},
    PermissionRow{.feature = "posture",
                  .permission = "Calendars.Read",
                  .resource = kGraphResource,
                  .purpose = "calendars shared with people outside",
                  .least = "Calendars.Read",
                  .admin_role = kConsentRole},
    PermissionRow{.feature = "posture",
                  .permission = "Application.Read.All",
                  .resource = kGraphResource,
                  .purpose = "certification, state and permissions of applications",
                  .least = "Application.Read.All",
                  .admin_role = kConsentRole},
    PermissionRow{.feature = "posture",
                  .permission = "Domain.Read.All",
                  .resource = kGraphResource,
                  .purpose = "domains that are not verified, and which addresses are internal",
                  .least = "Domain.Read.All",
                  .admin_role = kConsentRole},
    PermissionRow{.feature = "posture",
                  .permission = "Directory.Read.All",
                  .resource = kGraphResource,
                  .purpose = "which services applications reach and on whose behalf, and when the "
                             "tenant was last synchronized; without it grants are not shown",
                  .least = "Directory.Read.All",
                  .admin_role = kConsentRole},
    PermissionRow{
        .feature = "provision",
        .permission = "Exchange.ManageAsApp",
        .resource = kExchangeResource,
        .purpose = "connectors and transport rules; the application also needs the role Exchange "
                   "Administrator, or a role group that may change both",
        .least = "Exchange.ManageAsApp",
        .admin_role = kConsentRole},
    PermissionRow{.feature = "pull",
                  .permission = "Mail.ReadWrite",
                  .resource = kGraphResource,
                  .purpose = "finding messages in mailboxes and moving them to quarantine and back",
                  .least = "Mail.ReadWrite",
                  .admin_role = kConsentRole},
};

struct Cover {
  std::string_view permission;
  std::string_view by;
};

constexpr std::array kCovers{
    Cover{.permission = "User.Read.All", .by = "User.ReadWrite.All"},
    Cover{.permission = "User.Read.All", .by = "Directory.Read.All"},
    Cover{.permission = "User.Read.All", .by = "Directory.ReadWrite.All"},
    Cover{.permission = "GroupMember.Read.All", .by = "GroupMember.ReadWrite.All"},
    Cover{.permission = "GroupMember.Read.All", .by = "Group.Read.All"},
    Cover{.permission = "GroupMember.Read.All", .by = "Group.ReadWrite.All"},
    Cover{.permission = "GroupMember.Read.All", .by = "Directory.Read.All"},
    Cover{.permission = "GroupMember.Read.All", .by = "Directory.ReadWrite.All"},
    Cover{.permission = "GroupMember.Read.All",
          .by = "Group.ReadBasic.All + GroupMember.ReadBasic.All"},
    Cover{.permission = "Domain.Read.All", .by = "Domain.ReadWrite.All"},
    Cover{.permission = "Domain.Read.All", .by = "Directory.Read.All"},
    Cover{.permission = "Domain.Read.All", .by = "Directory.ReadWrite.All"},
    Cover{.permission = "UserAuthenticationMethod.Read.All",
          .by = "UserAuthenticationMethod.ReadWrite.All"},
    Cover{.permission = "UserAuthenticationMethod.Read.All",
          .by = "UserAuthMethod-Passkey.Read.All + UserAuthMethod-WindowsHello.Read.All"},
    Cover{.permission = "MailboxSettings.Read", .by = "MailboxSettings.ReadWrite"},
    Cover{.permission = "Calendars.Read", .by = "Calendars.ReadWrite"},
    Cover{.permission = "Organization.Read.All", .by = "Organization.ReadWrite.All"},
    Cover{.permission = "Organization.Read.All", .by = "Directory.Read.All"},
    Cover{.permission = "Organization.Read.All", .by = "Directory.ReadWrite.All"},
    Cover{.permission = "Directory.Read.All", .by = "Directory.ReadWrite.All"},
    Cover{.permission = "Application.Read.All", .by = "Application.ReadWrite.All"},
    Cover{.permission = "Application.Read.All", .by = "Directory.Read.All"},
    Cover{.permission = "Application.Read.All", .by = "Directory.ReadWrite.All"},
};

constexpr std::string_view kAnd = " + ";

bool has_all(const std::vector<std::string>& roles, std::string_view wanted) {
  while (!wanted.empty()) {
    const auto end = std::min(wanted.find(kAnd), wanted.size());
    if (std::ranges::find(roles, wanted.substr(0, end)) == roles.end()) {
      return false;
    }
    wanted.remove_prefix(std::min(end + kAnd.size(), wanted.size()));
  }
  return true;
}

}  // namespace

std::span<const PermissionRow> permission_table() {
  return kTable;
}

std::string granted_by(const std::vector<std::string>& roles, std::string_view permission) {
  if (has_all(roles, permission)) {
    return std::string{permission};
  }
  for (const Cover& cover : kCovers) {
    if (cover.permission == permission && has_all(roles, cover.by)) {
      return std::string{cover.by};
    }
  }
  return {};
}

std::vector<PermissionGrant> permission_grants(const std::vector<std::string>& features,
                                               const std::vector<std::string>& graph_roles,
                                               const std::vector<std::string>& exchange_roles) {
  std::vector<PermissionGrant> grants;
  for (const PermissionRow& row : kTable) {
    if (std::ranges::find(features, row.feature) == features.end()) {
      continue;
    }
    const bool is_graph = row.resource == kGraphResource;
    const std::string by = granted_by(is_graph ? graph_roles : exchange_roles, row.permission);
    grants.push_back({.feature = std::string{row.feature},
                      .permission = std::string{row.permission},
                      .resource = std::string{row.resource},
                      .purpose = std::string{row.purpose},
                      .least = std::string{row.least},
                      .admin_role = std::string{row.admin_role},
                      .is_granted = !by.empty(),
                      .granted_by = by});
  }
  return grants;
}

}  // namespace directory

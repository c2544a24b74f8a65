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
    PermissionRow{"sync",
                  "User.Read.All",
                  kGraphResource,
                  "names, addresses and state of all people",
                  "User.Read.All",
                  kConsentRole},
    PermissionRow{"sync",
                  "GroupMember.Read.All",
                  kGraphResource,
                  "groups and who is in them",
                  "Group.ReadBasic.All + GroupMember.ReadBasic.All",
                  kConsentRole},
    PermissionRow{"sync",
                  "Domain.Read.All",
                  kGraphResource,
                  "domains of the tenant and the mail exchange of each",
                  "Domain.Read.All",
                  kConsentRole},
    PermissionRow{"posture",
                  "User.Read.All",
                  kGraphResource,
                  "password, synchronisation and account settings of people",
                  "User.Read.All",
                  kConsentRole},
    PermissionRow{"posture",
                  "UserAuthenticationMethod.Read.All",
                  kGraphResource,
                  "FIDO2 and Windows Hello keys of people",
                  "UserAuthMethod-Passkey.Read.All + UserAuthMethod-WindowsHello.Read.All",
                  kConsentRole},
    PermissionRow{"posture",
                  "MailboxSettings.Read",
                  kGraphResource,
                  "inbox rules that send mail out of the organization",
                  "MailboxSettings.Read",
                  kConsentRole},
    PermissionRow{"posture",
                  "Calendars.Read",
                  kGraphResource,
                  "calendars shared with people outside",
                  "Calendars.Read",
                  kConsentRole},
    PermissionRow{"posture",
                  "Application.Read.All",
                  kGraphResource,
                  "certification and state of applications",
                  "Application.Read.All",
                  kConsentRole},
    PermissionRow{"posture",
                  "Domain.Read.All",
                  kGraphResource,
                  "domains that are not verified, and which addresses are internal",
                  "Domain.Read.All",
                  kConsentRole},
    PermissionRow{"provision",
                  "Exchange.ManageAsApp",
                  kExchangeResource,
                  "connectors and transport rules; the application also needs the role Exchange "
                  "Administrator, or a role group that may change both",
                  "Exchange.ManageAsApp",
                  kConsentRole},
    PermissionRow{"pull",
                  "Mail.ReadWrite",
                  kGraphResource,
                  "finding messages in mailboxes and moving them to quarantine and back",
                  "Mail.ReadWrite",
                  kConsentRole},
};

struct Cover {
  std::string_view permission;
  std::string_view by;
};

constexpr std::array kCovers{
    Cover{"User.Read.All", "User.ReadWrite.All"},
    Cover{"User.Read.All", "Directory.Read.All"},
    Cover{"User.Read.All", "Directory.ReadWrite.All"},
    Cover{"GroupMember.Read.All", "GroupMember.ReadWrite.All"},
    Cover{"GroupMember.Read.All", "Group.Read.All"},
    Cover{"GroupMember.Read.All", "Group.ReadWrite.All"},
    Cover{"GroupMember.Read.All", "Directory.Read.All"},
    Cover{"GroupMember.Read.All", "Directory.ReadWrite.All"},
    Cover{"GroupMember.Read.All", "Group.ReadBasic.All + GroupMember.ReadBasic.All"},
    Cover{"Domain.Read.All", "Domain.ReadWrite.All"},
    Cover{"Domain.Read.All", "Directory.Read.All"},
    Cover{"Domain.Read.All", "Directory.ReadWrite.All"},
    Cover{"UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"},
    Cover{"UserAuthenticationMethod.Read.All",
          "UserAuthMethod-Passkey.Read.All + UserAuthMethod-WindowsHello.Read.All"},
    Cover{"MailboxSettings.Read", "MailboxSettings.ReadWrite"},
    Cover{"Calendars.Read", "Calendars.ReadWrite"},
    Cover{"Application.Read.All", "Application.ReadWrite.All"},
    Cover{"Application.Read.All", "Directory.Read.All"},
    Cover{"Application.Read.All", "Directory.ReadWrite.All"},
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
    std::string by = granted_by(is_graph ? graph_roles : exchange_roles, row.permission);
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

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// A permission that a feature needs. https://learn.microsoft.com/graph/permissions-reference
struct PermissionRow {
  std::string_view feature;     ///< `sync`, `posture`, `provision`, `pull`
  std::string_view permission;  ///< `User.Read.All`
  std::string_view resource;    ///< `Microsoft Graph`
  std::string_view purpose;     ///< what it is for
  std::string_view least;       ///< the least one that would do; the same if it is that already
  std::string_view admin_role;  ///< who may consent to it
};

/// Whether a permission of a feature is granted, and by what.
struct PermissionGrant {
  std::string feature;
  std::string permission;
  std::string resource;
  std::string purpose;
  std::string least;
  std::string admin_role;
  bool is_granted = false;
  std::string granted_by;  ///< the permission in the token that covers it; empty if none
};

inline constexpr std::string_view kGraphResource = "Microsoft Graph";
inline constexpr std::string_view kExchangeResource = "Office 365 Exchange Online";

/// All permissions of all features.
[[nodiscard]] std::span<const PermissionRow> permission_table();

/// What among `roles` covers `permission`: itself or a higher one (Directory.Read.All covers
/// User.Read.All); `A + B` if it takes two together. Empty if nothing does.
[[nodiscard]] std::string granted_by(const std::vector<std::string>& roles,
                                     std::string_view permission);

/// The permissions of these features, against the roles of a token for Graph and of one for
/// Exchange.
[[nodiscard]] std::vector<PermissionGrant> permission_grants(
    const std::vector<std::string>& features,
    const std::vector<std::string>& graph_roles,
    const std::vector<std::string>& exchange_roles);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/directory_queries.h"
#include "directory/graph/posture_queries.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// A service that an application reaches, and for whom.
struct ServiceAccess {
  std::string service;                   ///< its name: `Microsoft Graph`
  std::vector<std::string> permissions;  ///< `Mail.Read`; empty: not known by name
  bool is_for_all = false;               ///< for every user, or by itself without any
  std::vector<std::string> users;        ///< else on behalf of these, as people know them
};

/// An application of the tenant, with what it reaches.
struct ApplicationLook {
  PostureApplication application;
  std::vector<ServiceAccess> access;
};

/// An application of another vendor, with what it reaches.
struct ServicePrincipalLook {
  PostureServicePrincipal principal;
  std::vector<ServiceAccess> access;
};

/// A domain, with the texts that would verify it.
struct DomainLook {
  TenantDomain domain;
  std::vector<std::string> verification;
};

/// What a mailbox is for: `user`, `shared`, `room`, `equipment`.
struct MailboxPurpose {
  std::string purpose;
};

using CalendarPermissions = std::vector<CalendarPermission>;
using MessageRules = std::vector<MessageRule>;

/// What is known of the tenant while its parts are looked at.
struct TenantContext {
  std::int64_t now = 0;  ///< seconds since 1970
  /// In lower case. No value: they could not be read.
  std::optional<std::set<std::string, std::less<>>> verified_domains;
  std::set<std::string, std::less<>> federated_domains;  ///< in lower case
  std::string initial_domain;                            ///< in lower case; empty: not known
  TenantSyncTime sync;
  /// Whether somebody of the tenant has this legacy address or is called so; may be null.
  std::function<bool(std::string_view address, std::string_view name)> is_known_recipient;
};

/// With its ASCII letters in lower case.
[[nodiscard]] std::string lowered(std::string_view text);

/// The part of an address behind the last @, in lower case; empty if there is none.
[[nodiscard]] std::string domain_of(std::string_view address);

/// Whether the last sync with the directory on premises was more than seven days ago.
[[nodiscard]] bool is_sync_engine_down(const TenantContext& context);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/posture_queries.h"
#include "policy/result.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace directory {

// All read a body of Graph with leniency: a property that is null, not mentioned or of another type
// is not set, and an item that names nothing is left out. `kInvalidInput` if the body is not of the
// kind that was asked for.

/// A method that findings look at.
using AuthenticationMethod = std::variant<SecurityKey, HelloKey>;

[[nodiscard]] policy::Result<PosturePage<PostureUser>> decode_posture_users(std::string_view body);

[[nodiscard]] policy::Result<PosturePage<PostureApplication>> decode_applications(
    std::string_view body);

[[nodiscard]] policy::Result<PosturePage<PostureServicePrincipal>> decode_service_principals(
    std::string_view body);

[[nodiscard]] policy::Result<PosturePage<DelegatedGrant>> decode_delegated_grants(
    std::string_view body);

[[nodiscard]] policy::Result<PosturePage<AppRoleGrant>> decode_app_role_grants(
    std::string_view body);

/// Those of other kinds are left out.
[[nodiscard]] policy::Result<PosturePage<AuthenticationMethod>> decode_authentication_methods(
    std::string_view body);

[[nodiscard]] policy::Result<PosturePage<CalendarPermission>> decode_calendar_permissions(
    std::string_view body);

[[nodiscard]] policy::Result<PosturePage<MessageRule>> decode_message_rules(std::string_view body);

/// The value of a property that was asked for by itself; empty for null.
[[nodiscard]] policy::Result<std::string> decode_mailbox_purpose(std::string_view body);

/// The one organization of a list.
[[nodiscard]] policy::Result<TenantSyncTime> decode_sync_time(std::string_view body);

/// The texts of the TXT records among a domain's records.
[[nodiscard]] policy::Result<PosturePage<std::string>> decode_verification_texts(
    std::string_view body);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/directory_queries.h"
#include "policy/result.h"

#include <string>
#include <string_view>

namespace directory {

// All read a body of Graph by presence: a property that is not mentioned is unchanged, null clears
// it, one that is not known is passed over. `kInvalidInput`, with the property's name, if one that
// is used has another type.

/// A page of users, of a delta round or of a list.
[[nodiscard]] policy::Result<DeltaPage<UserChange>> decode_users(std::string_view body);

/// A page of members; those that are no users are left out.
[[nodiscard]] policy::Result<DeltaPage<UserChange>> decode_member_users(std::string_view body);

/// A page of groups, of a delta round or of a list.
[[nodiscard]] policy::Result<DeltaPage<GroupChange>> decode_groups(std::string_view body);

/// A page of domains, without their mail exchanges.
[[nodiscard]] policy::Result<DeltaPage<TenantDomain>> decode_domains(std::string_view body);

/// One user.
[[nodiscard]] policy::Result<UserChange> decode_user(std::string_view body);

/// The host of the most preferred MX record for mail among a domain's service configuration
/// records; empty if there is none.
[[nodiscard]] policy::Result<std::string> decode_mail_exchange(std::string_view body);

/// The one organization of a list.
[[nodiscard]] policy::Result<TenantOrganization> decode_organization(std::string_view body);

}  // namespace directory

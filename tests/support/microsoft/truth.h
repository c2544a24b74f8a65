// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/tenant.h"

#include <boost/json/array.hpp>

#include <set>
#include <string>
#include <vector>

namespace tests::microsoft {

/// The addresses from which this user may write, in lower case: mail, SMTP proxy addresses, and the
/// principal name where it is in a verified domain.
[[nodiscard]] std::set<std::string> addresses_of(const Tenant& tenant, ObjectRef user);

/// Everybody who is in one of these groups, directly or not, by id: `id`, `displayName`,
/// `addresses`.
[[nodiscard]] json::array people_of(const Tenant& tenant, const std::vector<ObjectRef>& groups);

/// Every present user, as above.
[[nodiscard]] json::array all_people(const Tenant& tenant);

/// The addresses of all people and groups that are in a verified domain.
[[nodiscard]] std::set<std::string> recipients(const Tenant& tenant);

}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/access_control.h"
#include "directory/accounts/principal.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/routes.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace directory {

// What the operations on accounts, sessions and tokens have in common.

/// The refusal that this one amounts to: 429 with Retry-After where somebody has to wait. What is
/// wrong with the input is at `pointer`.
[[nodiscard]] std::unexpected<Problem> refuse(const Refusal& refusal, std::string pointer = {});

/// A list of organizations as a scope: all of them must be known and seen by who asks, which is
/// said of the field `organizations`.
[[nodiscard]] std::expected<OrganizationScope, Problem> scope_of(
    const ApiServices& services,
    const Principal& principal,
    const std::vector<std::string>& organizations);

/// The version that If-Match names; nothing if it is absent or `*`.
[[nodiscard]] std::expected<std::optional<std::uint64_t>, Problem> expected_version(
    const ApiRequest& request);

/// The organizations of a scope; absent for all.
[[nodiscard]] std::optional<std::vector<std::string>> names_of(const OrganizationScope& scope);

}  // namespace directory

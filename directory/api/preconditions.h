// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/routes.h"

#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace directory {

/// The strong entity tag (RFC 9110, 8.8.3) of what was read: its own, or one of its text.
[[nodiscard]] std::string entity_tag(const Answer& shown);

/// Whether a field If-Match or If-None-Match lists the tag, or is `*`.
[[nodiscard]] bool lists_tag(std::string_view field, std::string_view tag);

/// Refuses a write whose If-Match does not have the tag that a GET of the same path gives now
/// (412), and one without If-Match where the route needs it (428). Nothing is awaited between this
/// and the operation, so that no other write comes in between.
[[nodiscard]] std::expected<void, Problem> check_preconditions(const ApiServices& services,
                                                               std::span<const Route> routes,
                                                               const Route& route,
                                                               const ApiRequest& request);

}  // namespace directory

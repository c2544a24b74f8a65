// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/message.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <expected>
#include <span>
#include <string>
#include <string_view>

namespace tests::microsoft {

/// `$top` of the call, from 1 to 999; 100 without one; otherwise 400.
[[nodiscard]] std::expected<std::size_t, Response> read_top(const GraphCall& call);

/// The page of a list that the call asks for (`$top`, `$skiptoken`), each object as it is.
[[nodiscard]] Response answer_json_list(const GraphCall& call,
                                        std::string_view context,
                                        const json::array& all);

/// The objects with what the call selects, null for what one has not; everything without
/// `$select`; 400 for a name that is not among `names`.
[[nodiscard]] std::expected<json::array, Response> selected(
    const GraphCall& call, const json::array& objects, std::span<const std::string_view> names);

}  // namespace tests::microsoft

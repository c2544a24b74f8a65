// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/commands/admin_session.h"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace directory {

/// The answer of a request, which is to be shown as text. Nothing if there is none, and the session
/// has said why, or with --json, and it is printed as it came.
[[nodiscard]] std::optional<boost::json::value> to_show(const std::optional<std::string>& body,
                                                        const AdminOptions& options);

/// A text of an object that the API has answered with; empty if it has none of this name. Throws
/// boost::system::system_error if `object` is none, or what has the name is no text.
[[nodiscard]] std::string text_of(const boost::json::value& object, std::string_view name);

/// A number of such an object; 0 if it has none of this name, or null. Throws as `text_of` does.
[[nodiscard]] std::int64_t number_of(const boost::json::value& object, std::string_view name);

}  // namespace directory

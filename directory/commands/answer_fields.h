// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace directory {

/// A text of an object that the API has answered with; empty if it has none of this name. Throws
/// boost::system::system_error if `object` is none, or what has the name is no text.
[[nodiscard]] std::string text_of(const boost::json::value& object, std::string_view name);

/// A number of such an object; 0 if it has none of this name, or null. Throws as `text_of` does.
[[nodiscard]] std::int64_t number_of(const boost::json::value& object, std::string_view name);

}  // namespace directory

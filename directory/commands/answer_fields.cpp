// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/answer_fields.h"

#include "directory/commands/admin_session.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace directory {

namespace json = boost::json;

std::optional<json::value> to_show(const std::optional<std::string>& body,
                                   const AdminOptions& options) {
  if (!body.has_value()) {
    return std::nullopt;
  }
  if (options.has("json")) {
    fmt::print("{}\n", *body);
    return std::nullopt;
  }
  return body->empty() ? json::value{} : json::parse(*body);
}

std::string text_of(const json::value& object, std::string_view name) {
  const json::value* const found = object.as_object().if_contains(name);
  return found == nullptr ? "" : std::string{found->as_string()};
}

std::int64_t number_of(const json::value& object, std::string_view name) {
  const json::value* const found = object.as_object().if_contains(name);
  return found == nullptr || found->is_null() ? 0 : found->to_number<std::int64_t>();
}

}  // namespace directory

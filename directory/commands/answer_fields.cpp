// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/answer_fields.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace directory {

namespace json = boost::json;

std::string text_of(const json::value& object, std::string_view name) {
  const json::value* const found = object.as_object().if_contains(name);
  return found == nullptr ? "" : std::string{found->as_string()};
}

std::int64_t number_of(const json::value& object, std::string_view name) {
  const json::value* const found = object.as_object().if_contains(name);
  return found == nullptr || found->is_null() ? 0 : found->to_number<std::int64_t>();
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/json_properties.h"

#include "directory/graph/date_time.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

namespace json = boost::json;
using policy::ErrorCode;
using policy::fail;

std::string Properties::text(std::string_view name) const {
  const json::value* found = find(name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

std::optional<bool> Properties::flag(std::string_view name) const {
  const json::value* found = find(name);
  return found != nullptr && found->is_bool() ? std::optional{found->get_bool()} : std::nullopt;
}

std::optional<std::int64_t> Properties::time(std::string_view name) const {
  return parse_date_time(text(name));
}

const json::array& Properties::list(std::string_view name) const {
  static const json::array none;
  const json::value* found = find(name);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

std::vector<std::string> Properties::texts(std::string_view name) const {
  std::vector<std::string> read;
  for (const json::value& item : list(name)) {
    if (item.is_string()) {
      read.emplace_back(item.get_string());
    }
  }
  return read;
}

bool Properties::is_a(std::string_view type) const {
  const std::string given = text("@odata.type");
  const std::string wanted = "microsoft.graph." + std::string{type};
  return given == wanted || given == '#' + wanted;
}

policy::Result<void> check_page(const Properties& root) {
  const json::value* value = root.find("value");
  if (value == nullptr || !value->is_array()) {
    return fail(ErrorCode::kInvalidInput, "`value` is no list");
  }
  const json::value* link = root.find("@odata.nextLink");
  if (link != nullptr && !link->is_null() && !link->is_string()) {
    return fail(ErrorCode::kInvalidInput, "`@odata.nextLink` is no text");
  }
  return {};
}

}  // namespace directory

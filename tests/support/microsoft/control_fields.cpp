// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/control_fields.h"

#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {

std::optional<json::value> ControlFields::value(std::string_view name) {
  json::value* found = fields_.if_contains(name);
  if (found == nullptr) {
    return std::nullopt;
  }
  json::value value = std::move(*found);
  fields_.erase(name);
  return value;
}

std::optional<std::string> ControlFields::text(std::string_view name) {
  const auto found = value(name);
  return found ? std::optional{json::value_to<std::string>(*found)} : std::nullopt;
}

std::optional<std::vector<std::string>> ControlFields::texts(std::string_view name) {
  const auto found = value(name);
  return found ? std::optional{json::value_to<std::vector<std::string>>(*found)} : std::nullopt;
}

std::optional<bool> ControlFields::flag(std::string_view name) {
  const auto found = value(name);
  return found ? std::optional{found->as_bool()} : std::nullopt;
}

std::optional<std::int64_t> ControlFields::number(std::string_view name) {
  const auto found = value(name);
  return found ? std::optional{found->to_number<std::int64_t>()} : std::nullopt;
}

std::optional<double> ControlFields::share(std::string_view name) {
  const auto found = value(name);
  return found ? std::optional{found->to_number<double>()} : std::nullopt;
}

void ControlFields::count(std::string_view name, std::size_t& target) {
  if (const auto found = value(name); found.has_value()) {
    target = found->to_number<std::size_t>();
  }
}

void ControlFields::must_be_empty() const {
  if (!fields_.empty()) {
    throw std::invalid_argument{"unknown field: " + std::string{fields_.begin()->key()}};
  }
}

}  // namespace tests::microsoft

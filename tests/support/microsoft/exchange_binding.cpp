// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/exchange_binding.h"

#include "tests/support/microsoft/exchange_cmdlets.h"
#include "tests/support/microsoft/exchange_error.h"
#include "tests/support/microsoft/exchange_objects.h"
#include "tests/support/microsoft/message.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tests::microsoft {
namespace {

using Bound = std::expected<json::value, ExchangeError>;

std::string_view view_of(const json::value& text) {
  return {text.get_string().data(), text.get_string().size()};
}

std::unexpected<ExchangeError> wrong_type(const CmdletParameter& parameter,
                                          std::string_view expected) {
  return std::unexpected{
      transformation_error(parameter.name, fmt::format("The value is not {}.", expected))};
}

Bound bind_text(const CmdletParameter& parameter, const json::value& value) {
  if (!value.is_string()) {
    return wrong_type(parameter, "a text");
  }
  if (parameter.longest != 0 && view_of(value).size() > parameter.longest) {
    return std::unexpected{validation_error(
        fmt::format("{} is longer than {} characters.", parameter.name, parameter.longest))};
  }
  return value;
}

Bound bind_texts(const CmdletParameter& parameter, const json::value& value) {
  if (!value.is_array() || !std::ranges::all_of(value.get_array(), [](const json::value& item) {
        return item.is_string();
      })) {
    return wrong_type(parameter, "a list of texts");
  }
  return value;
}

Bound bind_choice(const CmdletParameter& parameter, const json::value& value) {
  std::vector<std::string_view> candidates;
  if (value.is_string()) {
    const std::string given = lower_case(view_of(value));
    for (const std::string_view choice : parameter.choices) {
      const std::string lower = lower_case(choice);
      if (lower == given) {
        return json::value(choice);
      }
      if (!given.empty() && lower.starts_with(given)) {
        candidates.push_back(choice);
      }
    }
  }
  if (candidates.size() == 1) {
    return json::value(candidates.front());
  }
  return std::unexpected{transformation_error(
      parameter.name,
      fmt::format("Specify one of the following enumerator names and try again: {}",
                  fmt::join(parameter.choices, ", ")))};
}

std::optional<std::int64_t> integer_of(const json::value& value) {
  if (value.is_int64()) {
    return value.get_int64();
  }
  if (!value.is_string()) {
    return std::nullopt;
  }
  const std::string_view text = view_of(value);
  std::int64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  return end.ec == std::errc{} && end.ptr == text.data() + text.size() ? std::optional{number}
                                                                       : std::nullopt;
}

Bound bind_score(const CmdletParameter& parameter, const json::value& value) {
  const std::optional<std::int64_t> score = integer_of(value);
  if (!score.has_value() || *score < -1 || *score > 9) {
    return wrong_type(parameter, "an integer from -1 to 9");
  }
  return json::value(*score);
}

Bound bind_value(const CmdletParameter& parameter, const json::value& value) {
  const bool has_null = parameter.kind == ValueKind::kText || parameter.kind == ValueKind::kTexts ||
                        parameter.kind == ValueKind::kScore || parameter.kind == ValueKind::kChoice;
  if (value.is_null() && has_null && parameter.is_clearable) {
    return value;
  }
  switch (parameter.kind) {
    case ValueKind::kText: return bind_text(parameter, value);
    case ValueKind::kTexts: return bind_texts(parameter, value);
    case ValueKind::kChoice: return bind_choice(parameter, value);
    case ValueKind::kScore: return bind_score(parameter, value);
    case ValueKind::kFlag:
      return value.is_bool() ? Bound{value} : wrong_type(parameter, "true or false");
    case ValueKind::kNumber:
      return value.is_int64() && value.get_int64() >= 0
                 ? Bound{value}
                 : wrong_type(parameter, "an integer from 0");
    case ValueKind::kMaximum:
      return (value.is_int64() && value.get_int64() > 0) ||
                     (value.is_string() && lower_case(view_of(value)) == "unlimited")
                 ? Bound{value}
                 : wrong_type(parameter, "a positive integer or Unlimited");
  }
  return value;
}

// What the cmdlet cannot do without.
std::vector<std::string_view> required_parameters(const Cmdlet& cmdlet) {
  if (cmdlet.verb == Verb::kGet) {
    return {};
  }
  if (cmdlet.verb != Verb::kNew) {
    return {"Identity"};
  }
  return cmdlet.kind == ExchangeKind::kInbound
             ? std::vector<std::string_view>{"Name", "SenderDomains"}
             : std::vector<std::string_view>{"Name"};
}

}  // namespace

std::expected<json::object, ExchangeError> bind_parameters(const Cmdlet& cmdlet,
                                                           const json::object& parameters) {
  json::object bound;
  for (const auto& [key, value] : parameters) {
    const std::string_view name{key.data(), key.size()};
    const CmdletParameter* parameter = find_parameter(cmdlet, name);
    if (parameter == nullptr) {
      return std::unexpected{binding_error(
          fmt::format("A parameter cannot be found that matches parameter name '{}'.", name))};
    }
    if (bound.contains(parameter->name)) {
      return std::unexpected{
          binding_error(fmt::format("Parameter '{}' is given twice.", parameter->name))};
    }
    Bound taken = bind_value(*parameter, value);
    if (!taken.has_value()) {
      return std::unexpected{std::move(taken.error())};
    }
    bound[parameter->name] = std::move(*taken);
  }
  for (const std::string_view name : required_parameters(cmdlet)) {
    const json::value* value = bound.if_contains(name);
    if (value == nullptr || (value->is_string() && value->get_string().empty())) {
      return std::unexpected{
          binding_error("Parameter set cannot be resolved using the specified named parameters.")};
    }
  }
  return bound;
}

}  // namespace tests::microsoft

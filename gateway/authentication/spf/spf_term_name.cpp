// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/spf/spf_term_name.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace gateway {
namespace {

// Never a name of anybody (RFC 6761, 6.4).
constexpr std::string_view kSuffix = ".spf.invalid";

}  // namespace

std::string spf_term_name(std::uint32_t number) {
  return "t" + std::to_string(number) + std::string{kSuffix};
}

std::optional<std::uint32_t> spf_term_number(std::string_view name) {
  if (!name.starts_with('t') || !name.ends_with(kSuffix)) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(1, name.size() - kSuffix.size() - 1);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
  return is_number ? std::optional{number} : std::nullopt;
}

}  // namespace gateway

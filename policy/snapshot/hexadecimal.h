// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace policy {

/// Each octet as two lower-case hexadecimal digits.
[[nodiscard]] inline std::string to_hexadecimal(std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  digits.reserve(octets.size() * 2);
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    digits += kDigits[octet >> 4U];
    digits += kDigits[octet & 0x0fU];
  }
  return digits;
}

/// What `to_hexadecimal` wrote; nothing for any other text, upper-case digits included.
[[nodiscard]] inline std::optional<std::string> from_hexadecimal(std::string_view digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (digits.size() % 2 != 0) {
    return std::nullopt;
  }
  std::string octets;
  octets.reserve(digits.size() / 2);
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const std::size_t high = kDigits.find(digits[i]);
    const std::size_t low = kDigits.find(digits[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) {
      return std::nullopt;
    }
    octets += static_cast<char>(high * kDigits.size() + low);
  }
  return octets;
}

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

/// The signs of JSON, alone and in the forms that readers differ in.
inline constexpr auto kPiecesOfJson = std::to_array<std::string_view>(
    {"{",           "}",           "[",    "]",        ":",      ",",
     "\"",          "null",        "true", "false",    "0",      "-1",
     "1e999",       "\"\"",        "{}",   "[]",       "[[[[[[", "9223372036854775808",
     "\"\\u0000\"", "\"\\ud800\"", "\\",   "\xC3\xA9", "\xFF",   "\n"});

/// The signs of YAML, alone and in the forms that are refused.
inline constexpr auto kPiecesOfYaml = std::to_array<std::string_view>(
    {"\n", "\n  ",   "\n    ", "\n- ",  "\n  - ", ": ",      "- ",   "[",   "]",
     "{",  "}",      ", ",     "\"",    "'",      "|\n",     ">-\n", "&a ", "*a",
     "!",  "!!str ", "<<: ",   "---\n", "...\n",  "? ",      "# ",   "~",   "null",
     "no", "true",   "010",    "\t",    "\r",     "\\u0000", "\xFF"});

/// One list of both.
template <std::size_t kLeft, std::size_t kRight>
[[nodiscard]] constexpr std::array<std::string_view, kLeft + kRight> joined(
    const std::array<std::string_view, kLeft>& left,
    const std::array<std::string_view, kRight>& right) {
  std::array<std::string_view, kLeft + kRight> both;
  std::ranges::copy(right, std::ranges::copy(left, both.begin()).out);
  return both;
}

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/visible_text.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace policy {
namespace {

bool is_hidden(UChar32 c) {
  if (c < 0x20 || c == 0x7f) {
    return true;
  }
  if (c < 0x80) {
    return false;
  }
  switch (u_charType(c)) {
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
    case U_UNASSIGNED: return true;
    default: break;
  }
  constexpr UChar32 kBrailleBlank = 0x2800;
  return c == kBrailleBlank || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

// The character at `at`, which moves beyond it; negative for octets that are no UTF-8.
// NOLINTNEXTLINE(readability-function-*): the macro is ICU's; it takes no other form.
UChar32 next_character(std::string_view text, std::size_t& at) {
  const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
  UChar32 c = 0;
  U8_NEXT(octets, at, text.size(), c);  // NOLINT(bugprone-inc-dec-in-conditions): ICU's macro.
  return c;
}

void append_escaped_octets(std::string& out, std::string_view octets) {
  for (const char octet : octets) {
    fmt::format_to(std::back_inserter(out), "\\x{:02X}", static_cast<unsigned char>(octet));
  }
}

std::string escape(std::string_view text, bool ascii_only) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t start = at;
    const UChar32 c = next_character(text, at);
    const std::string_view octets = text.substr(start, at - start);
    if (c < 0) {
      append_escaped_octets(out, octets);
    } else if (is_hidden(c) || (ascii_only && c >= 0x80)) {
      fmt::format_to(std::back_inserter(out), "\\u{{{:X}}}", static_cast<std::uint32_t>(c));
    } else {
      out.append(octets);
    }
  }
  return out;
}

}  // namespace

std::string visible_text(std::string_view text) {
  return escape(text, false);
}

std::string visible_ascii(std::string_view text) {
  return escape(text, true);
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t start = at;
    if (next_character(text, at) < 0) {
      return start;
    }
  }
  return std::nullopt;
}

}  // namespace policy

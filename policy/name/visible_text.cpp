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

std::string escape(std::string_view text, bool ascii_only) {
  std::string out;
  out.reserve(text.size());
  const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  std::int32_t at = 0;
  while (at < size) {
    const std::int32_t start = at;
    UChar32 c = 0;
    U8_NEXT(octets, at, size, c);
    if (c < 0) {
      for (std::int32_t i = start; i < at; ++i) {
        fmt::format_to(std::back_inserter(out), "\\x{:02X}", octets[i]);
      }
    } else if (is_hidden(c) || (ascii_only && c >= 0x80)) {
      fmt::format_to(std::back_inserter(out), "\\u{{{:X}}}", static_cast<std::uint32_t>(c));
    } else {
      out.append(
          text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(at - start)));
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
  const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t start = at;
    UChar32 c = 0;
    U8_NEXT(octets, at, text.size(), c);
    if (c < 0) {
      return start;
    }
  }
  return std::nullopt;
}

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/yaml_source.h"

#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/name/visible_text.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace policy {
namespace {

bool is_refused_control(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return (octet < 0x20 && c != '\t' && c != '\n' && c != '\r') || octet == 0x7f;
}

}  // namespace

Place PlaceFinder::at(std::size_t offset) {
  if (offset < offset_) {
    offset_ = 0;
    line_ = 1;
    column_ = 1;
  }
  for (const std::size_t end = std::min(offset, text_.size()); offset_ < end; ++offset_) {
    const char c = text_[offset_];
    const bool is_lone_return =
        c == '\r' && (offset_ + 1 == text_.size() || text_[offset_ + 1] != '\n');
    if (c == '\n' || is_lone_return) {
      ++line_;
      column_ = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++column_;
    }
  }
  return {.file = *file_name_, .line = line_, .column = column_};
}

bool check_yaml_text(std::string_view text, const std::string& file_name, Problems& problems) {
  if (text.size() > kMaximumYamlOctets) {
    problems.error({.file = file_name}, std::string{kYamlTooLarge});
    return false;
  }
  PlaceFinder places{text, file_name};
  if (const auto offset = first_invalid_utf8(text); offset.has_value()) {
    problems.error(places.at(*offset),
                   fmt::format("octet 0x{:02X} is no UTF-8; save the file as UTF-8",
                               static_cast<unsigned char>(text[*offset])));
    return false;
  }
  const auto* const control = std::ranges::find_if(text, is_refused_control);
  if (control != text.end()) {
    problems.error(places.at(static_cast<std::size_t>(control - text.begin())),
                   fmt::format("control character U+{:04X}; remove it, or write it as an escape "
                               "in double quotes",
                               static_cast<unsigned char>(*control)));
    return false;
  }
  return true;
}

std::size_t skip_anchor(std::string_view text, std::size_t offset) {
  constexpr std::string_view kBlanks = " \t\r\n";
  if (offset >= text.size() || text[offset] != '&') {
    return offset;
  }
  offset = text.find_first_of(kBlanks, offset);
  while (offset < text.size()) {
    offset = text.find_first_not_of(kBlanks, offset);
    if (offset == std::string_view::npos || text[offset] != '#') {
      break;
    }
    offset = text.find_first_of("\r\n", offset);
  }
  return offset;
}

bool is_quote_closed(std::string_view text, std::size_t offset) {
  const char quote = text[offset];
  for (std::size_t i = offset + 1; i < text.size(); ++i) {
    const bool is_escape =
        quote == '"' ? text[i] == '\\' : text[i] == quote && text.substr(i + 1).starts_with(quote);
    if (is_escape) {
      ++i;
    } else if (text[i] == quote) {
      return true;
    }
  }
  return false;
}

}  // namespace policy

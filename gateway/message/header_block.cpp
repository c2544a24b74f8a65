// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/header_block.h"

#include "gateway/message/octets.h"
#include "policy/verdict/finding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

constexpr unsigned char kLatin1NoBreakSpace = 0xa0;

using policy::SenderFieldName;
constexpr std::array<std::pair<std::string_view, SenderFieldName>, 3> kNames{
    {{"from", SenderFieldName::kFrom},
     {"sender", SenderFieldName::kSender},
     {"reply-to", SenderFieldName::kReplyTo}}};

// The size of the line at the start of `text`, its line end included.
std::size_t line_size(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end == std::string_view::npos ? text.size() : end + 1;
}

bool is_empty_line(std::string_view line) {
  return line == "\n" || line == "\r\n";
}

bool is_continuation(std::string_view text) {
  return !text.empty() && (text.front() == ' ' || text.front() == '\t');
}

// The size of the line at the start of `text` with all its continuation lines.
std::size_t folded_line_size(std::string_view text) {
  std::size_t size = line_size(text);
  while (is_continuation(text.substr(size))) {
    size += line_size(text.substr(size));
  }
  return size;
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) {
    line.remove_suffix(1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
  }
  return line;
}

std::optional<HeaderField> field_of(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view before_colon = line.substr(0, colon);
  const std::string_view name = trimmed(before_colon);
  if (name.empty() || std::ranges::any_of(name, is_white_space)) {
    return std::nullopt;
  }
  std::string_view value = without_line_end(line.substr(colon + 1));
  if (value.starts_with(' ')) {
    value.remove_prefix(1);
  }
  return HeaderField{
      .name = name, .value = value, .space_before_colon = is_white_space(before_colon.back())};
}

bool is_dropped_from_names(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet <= 0x20 || octet == 0x7f || octet == kLatin1NoBreakSpace;
}

bool is_name(std::string_view seen, std::string_view lower_case_name) {
  for (const char c : seen) {
    if (is_dropped_from_names(c)) {
      continue;
    }
    if (lower_case_name.empty() || ascii_lower(c) != lower_case_name.front()) {
      return false;
    }
    lower_case_name.remove_prefix(1);
  }
  return lower_case_name.empty();
}

}  // namespace

HeaderBlock parse_header_block(std::string_view block) {
  HeaderBlock result;
  while (result.size < block.size()) {
    const std::string_view rest = block.substr(result.size);
    if (const std::size_t size = line_size(rest); is_empty_line(rest.substr(0, size))) {
      result.size += size;
      return result;
    }
    const std::string_view line = rest.substr(0, folded_line_size(rest));
    result.size += line.size();
    const auto field = field_of(line);
    if (field.has_value()) {
      result.fields.push_back(*field);
    }
    if (!field.has_value() || is_continuation(line)) {
      ++result.stray_lines;
    }
  }
  return result;
}

std::optional<policy::SenderFieldName> sender_field_name(std::string_view name) {
  // Most fields are of another name, and their first letter says so.
  const auto begins_alike = [&](const auto& known) {
    return known.first.front() == ascii_lower(name.front());
  };
  if (!name.empty() && !is_dropped_from_names(name.front()) &&
      std::ranges::none_of(kNames, begins_alike)) {
    return std::nullopt;
  }
  for (const auto& [spelling, field] : kNames) {
    if (is_name(name, spelling)) {
      return field;
    }
  }
  return std::nullopt;
}

bool is_full_name_field(std::string_view name) {
  return is_name(name, "full-name");
}

}  // namespace gateway

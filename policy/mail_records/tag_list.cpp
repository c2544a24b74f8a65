// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_records/tag_list.h"

#include "policy/ascii.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

constexpr std::size_t kMostTags = 64;

bool is_name(std::string_view text) {
  const auto is_letter = [](char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; };
  return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_value(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return is_white_space(c) || (!is_control(c) && !is_eight_bit(c)); });
}

std::optional<Tag> parse_tag(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view name = trimmed(text.substr(0, equals));
  const std::string_view value = trimmed(text.substr(equals + 1));
  if (!is_name(name) || !is_value(value)) {
    return std::nullopt;
  }
  return Tag{.name = std::string{name}, .value = std::string{value}};
}

}  // namespace

std::optional<std::string_view> TagList::find(std::string_view name) const {
  const auto found = std::ranges::find(tags, name, &Tag::name);
  return found == tags.end() ? std::nullopt : std::optional<std::string_view>{found->value};
}

TagList parse_tag_list(std::string_view text) {
  TagList list;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find(';'), text.size());
    const std::string_view spec = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    if (trimmed(spec).empty() && text.empty()) {
      break;  // after the last semicolon
    }
    auto tag = parse_tag(spec);
    if (!tag.has_value() || list.find(tag->name).has_value() || list.tags.size() == kMostTags) {
      list.is_wrong = true;
      continue;
    }
    list.tags.push_back(*std::move(tag));
  }
  return list;
}

std::string without_white_space(std::string_view value) {
  std::string text{value};
  std::erase_if(text, is_white_space);
  return text;
}

}  // namespace policy

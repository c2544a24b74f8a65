// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_records/spf_macro.h"

#include "policy/ascii.h"
#include "policy/ip_address.h"
#include "policy/mail_records/dns_name.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

constexpr std::string_view kLetters = "slodipvh";
constexpr std::string_view kDelimiters = ".-+,/_=";
constexpr std::string_view kHexadecimal = "0123456789abcdef";
// No name has as many labels; a larger number means all of them.
constexpr unsigned kAllLabels = 128;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) {
  const char lower = ascii_lower(c);
  return is_digit(c) || (lower >= 'a' && lower <= 'z');
}

// A macro between its braces: letter, transformers, delimiters.
struct Macro {
  char letter = 0;
  unsigned labels = kAllLabels;
  bool is_reversed = false;
  std::string_view delimiters = ".";
};

// The number of labels to keep; nothing for zero, which the grammar does not have.
std::optional<unsigned> take_labels(std::string_view& text) {
  unsigned labels = 0;
  bool has_digits = false;
  while (!text.empty() && is_digit(text.front())) {
    labels = std::min(labels * 10 + static_cast<unsigned>(text.front() - '0'), kAllLabels);
    text.remove_prefix(1);
    has_digits = true;
  }
  if (!has_digits) {
    return kAllLabels;
  }
  return labels > 0 ? std::optional{labels} : std::nullopt;
}

std::optional<Macro> parse_macro(std::string_view text) {
  if (text.empty() || !kLetters.contains(ascii_lower(text.front()))) {
    return std::nullopt;
  }
  Macro macro{.letter = text.front()};
  text.remove_prefix(1);
  const auto labels = take_labels(text);
  if (!labels.has_value()) {
    return std::nullopt;
  }
  macro.labels = *labels;
  if (!text.empty() && ascii_lower(text.front()) == 'r') {
    macro.is_reversed = true;
    text.remove_prefix(1);
  }
  if (!std::ranges::all_of(text, [](char c) { return kDelimiters.contains(c); })) {
    return std::nullopt;
  }
  macro.delimiters = text.empty() ? macro.delimiters : text;
  return macro;
}

// One piece of a macro-string, taken from its begin.
struct Piece {
  std::string_view literal;  // as it is, unless there is a macro
  std::optional<Macro> macro;
};

std::optional<Piece> take_piece(std::string_view& text) {
  if (text.front() != '%') {
    const std::size_t size = std::min(text.find('%'), text.size());
    const Piece piece{.literal = text.substr(0, size), .macro = std::nullopt};
    text.remove_prefix(size);
    const bool is_literal =
        std::ranges::all_of(piece.literal, [](char c) { return c > ' ' && c < '\x7f'; });
    return is_literal ? std::optional{piece} : std::nullopt;
  }
  const char second = text.size() > 1 ? text[1] : '\0';
  if (second == '{') {
    const std::size_t end = text.find('}');
    const auto macro =
        end == std::string_view::npos ? std::nullopt : parse_macro(text.substr(2, end - 2));
    if (!macro.has_value()) {
      return std::nullopt;
    }
    text.remove_prefix(end + 1);
    return Piece{.literal = {}, .macro = macro};
  }
  if (second != '%' && second != '_' && second != '-') {
    return std::nullopt;
  }
  text.remove_prefix(2);
  if (second == '%') {
    return Piece{.literal = "%", .macro = std::nullopt};
  }
  return Piece{.literal = second == '_' ? " " : "%20", .macro = std::nullopt};
}

bool is_top_label(std::string_view label) {
  return !label.empty() && is_alphanumeric(label.front()) && is_alphanumeric(label.back()) &&
         std::ranges::all_of(label, [](char c) { return is_alphanumeric(c) || c == '-'; }) &&
         !std::ranges::all_of(label, is_digit);
}

std::string dotted_address(const IpAddress& address) {
  if (is_ipv4(address)) {
    return ip_address_text(address);
  }
  std::string text;
  for (const std::uint8_t octet : address) {
    text += text.empty() ? "" : ".";
    text += {kHexadecimal.at(octet >> 4U), '.', kHexadecimal.at(octet & 0xFU)};
  }
  return text;
}

std::string value_of(char letter, const SpfMacroValues& values) {
  const SpfSubject& subject = values.subject;
  switch (letter) {
    case 's': return subject.local_part + '@' + subject.sender_domain;
    case 'l': return subject.local_part;
    case 'o': return subject.sender_domain;
    case 'd': return std::string{values.domain};
    case 'i': return dotted_address(subject.client);
    case 'p': return values.validated_name();
    case 'v': return is_ipv4(subject.client) ? "in-addr" : "ip6";
    default: return subject.helo;
  }
}

std::vector<std::string_view> split(std::string_view text, std::string_view delimiters) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = std::min(text.find_first_of(delimiters, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    if (end == text.size()) {
      return parts;
    }
    begin = end + 1;
  }
}

std::string escaped_for_url(std::string_view text) {
  constexpr std::string_view kUpperHexadecimal = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    if (is_alphanumeric(c) || std::string_view{"-._~"}.contains(c)) {
      escaped += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    escaped += {'%', kUpperHexadecimal.at(octet >> 4U), kUpperHexadecimal.at(octet & 0xFU)};
  }
  return escaped;
}

std::string expanded(const Macro& macro, const SpfMacroValues& values) {
  const std::string value = value_of(ascii_lower(macro.letter), values);
  auto parts = split(value, macro.delimiters);
  if (macro.is_reversed) {
    std::ranges::reverse(parts);
  }
  const std::size_t kept = std::min<std::size_t>(macro.labels, parts.size());
  std::string text;
  for (std::size_t i = parts.size() - kept; i < parts.size(); ++i) {
    text += i == parts.size() - kept ? "" : ".";
    text += parts[i];
  }
  const bool is_capital = macro.letter != ascii_lower(macro.letter);
  return is_capital ? escaped_for_url(text) : text;
}

}  // namespace

SpfSubject spf_subject(const IpAddress& client, std::string_view helo, std::string_view mail_from) {
  const std::size_t at = mail_from.rfind('@');
  const bool has_domain = at != std::string_view::npos && at + 1 < mail_from.size();
  const std::string_view local = has_domain ? mail_from.substr(0, at) : std::string_view{};
  return {.client = client,
          .helo = lower_dns_name(helo),
          .local_part = local.empty() ? "postmaster" : std::string{local},
          .sender_domain = lower_dns_name(has_domain ? mail_from.substr(at + 1) : helo)};
}

bool is_macro_string(std::string_view text) {
  while (!text.empty()) {
    if (!take_piece(text).has_value()) {
      return false;
    }
  }
  return true;
}

bool is_domain_spec(std::string_view text) {
  std::string_view rest = text;
  std::optional<Piece> last;
  while (!rest.empty()) {
    last = take_piece(rest);
    if (!last.has_value()) {
      return false;
    }
  }
  if (!last.has_value()) {
    return false;
  }
  // %%, %_ and %- are macro-expands of the grammar too, and nothing in a name.
  if (last->macro.has_value() || text.ends_with("%%") || text.ends_with("%_") ||
      text.ends_with("%-")) {
    return true;
  }
  if (text.ends_with('.')) {
    text.remove_suffix(1);
  }
  const std::size_t dot = text.rfind('.');
  return dot != std::string_view::npos && is_top_label(text.substr(dot + 1));
}

std::string macro_letters(std::string_view text) {
  std::string letters;
  while (!text.empty()) {
    const std::optional<Piece> piece = take_piece(text);
    if (!piece.has_value()) {
      break;
    }
    if (const std::optional<Macro>& macro = piece->macro; macro.has_value()) {
      letters += ascii_lower(macro->letter);
    }
  }
  return letters;
}

std::string expand_domain_spec(std::string_view spec, const SpfMacroValues& values) {
  std::string name;
  while (!spec.empty()) {
    const auto piece = take_piece(spec);
    if (!piece.has_value()) {
      break;
    }
    name +=
        piece->macro.has_value() ? expanded(*piece->macro, values) : std::string{piece->literal};
  }
  name = lower_dns_name(name);
  while (name.size() > kLongestDnsName) {
    const std::size_t dot = name.find('.');
    name = dot == std::string::npos ? std::string{} : name.substr(dot + 1);
  }
  return name;
}

}  // namespace policy

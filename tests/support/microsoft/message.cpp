// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/message.h"

#include "policy/result.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace tests::microsoft {

std::optional<std::string_view> find_field(const Fields& fields, std::string_view name) {
  const std::string wanted = lower_case(name);
  const auto found = std::ranges::find_if(
      fields, [&](const auto& field) { return lower_case(field.first) == wanted; });
  return found == fields.end() ? std::nullopt : std::optional<std::string_view>{found->second};
}

policy::Result<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus_is_space) {
      plain += ' ';
    } else if (text[at] != '%') {
      plain += text[at];
    } else {
      const std::string_view digits = text.substr(at + 1, 2);
      unsigned octet = 0;
      const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), octet, 16);
      if (digits.size() != 2 || end.ptr != digits.data() + 2) {
        return policy::fail(policy::ErrorCode::kInvalidInput, "a percent escape is broken");
      }
      plain += static_cast<char>(octet);
      at += 2;
    }
  }
  return plain;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~$,'";
  std::string encoded;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

policy::Result<Parameters> Parameters::parse(std::string_view encoded) {
  Parameters parameters;
  while (!encoded.empty()) {
    const std::string_view piece = encoded.substr(0, encoded.find('&'));
    encoded.remove_prefix(std::min(encoded.size(), piece.size() + 1));
    if (piece.empty()) {
      continue;
    }
    const std::size_t equals = std::min(piece.find('='), piece.size());
    auto name = percent_decoded(piece.substr(0, equals), true);
    auto value = percent_decoded(piece.substr(std::min(piece.size(), equals + 1)), true);
    if (!name.has_value() || !value.has_value()) {
      return policy::fail(policy::ErrorCode::kInvalidInput, "a percent escape is broken");
    }
    if (parameters.find(*name).has_value()) {
      return policy::fail(policy::ErrorCode::kInvalidInput, *name + " is given twice");
    }
    parameters.fields_.emplace_back(std::move(*name), std::move(*value));
  }
  return parameters;
}

std::optional<std::string> Parameters::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(fields_, [&](const auto& field) { return field.first == name; });
  return found == fields_.end() ? std::nullopt : std::optional{found->second};
}

policy::Result<std::vector<std::string>> path_segments(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view piece = path.substr(0, path.find('/'));
    path.remove_prefix(piece.size());
    auto plain = percent_decoded(piece, false);
    if (!plain.has_value()) {
      return std::unexpected{std::move(plain.error())};
    }
    segments.push_back(std::move(*plain));
  }
  return segments;
}

std::string lower_case(std::string_view text) {
  std::string lower{text};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return lower;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) {
    text.remove_prefix(1);
  }
  while (text.ends_with(' ')) {
    text.remove_suffix(1);
  }
  return text;
}

std::vector<std::string> split_trimmed(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    pieces.emplace_back(trimmed(piece));
  }
  return pieces;
}

}  // namespace tests::microsoft

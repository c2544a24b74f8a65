// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/hand_over/inheritance.h"

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace gateway {
namespace {

constexpr std::string_view kIsLent = "lent";
constexpr std::string_view kHasSnapshot = "snapshot";

int parse_descriptor(std::string_view text) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value > 2 ? value : -1;
}

void read_word(std::string_view word, Inheritance& inheritance) {
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view{} : word.substr(equals + 1);
  if (name == "channel") {
    inheritance.channel = parse_descriptor(value);
  } else if (name == "milter") {
    inheritance.milter = parse_descriptor(value);
  } else if (name == "metrics") {
    inheritance.metrics = parse_descriptor(value);
  } else if (name == kIsLent) {
    inheritance.is_lent = true;
  } else if (name == kHasSnapshot) {
    inheritance.has_snapshot = true;
  }
}

}  // namespace

std::string Inheritance::text() const {
  std::string text = "channel=" + std::to_string(channel) + " milter=" + std::to_string(milter);
  if (metrics >= 0) {
    text += " metrics=" + std::to_string(metrics);
  }
  if (is_lent) {
    text += ' ';
    text += kIsLent;
  }
  if (has_snapshot) {
    text += ' ';
    text += kHasSnapshot;
  }
  return text;
}

std::optional<Inheritance> Inheritance::parse(std::string_view text) {
  Inheritance inheritance;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    read_word(text.substr(0, space), inheritance);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  const bool is_whole = inheritance.channel >= 0 && inheritance.milter >= 0;
  return is_whole ? std::optional{inheritance} : std::nullopt;
}

}  // namespace gateway

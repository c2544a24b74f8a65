// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/plain_mailbox.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway {
namespace {

constexpr std::string_view kSpecials = "()<>[]:;@\\,\"";
constexpr std::string_view kBlanks = " \t";

// Which characters may stand where.
enum Place : std::uint8_t { kInAddress = 1, kInPhrase = 2, kInQuotes = 4 };

constexpr std::array<std::uint8_t, 256> kPlaces = [] {
  std::array<std::uint8_t, 256> places{};
  for (std::size_t c = ' '; c < 0x7f; ++c) {
    const bool is_special = kSpecials.find(static_cast<char>(c)) != std::string_view::npos;
    places.at(c) = c == '"' || c == '\\' ? 0 : kInQuotes;
    if (!is_special) {
      places.at(c) |= c == ' ' ? kInPhrase : kInPhrase | kInAddress;
    }
  }
  return places;
}();

bool is_all(std::string_view text, Place place) {
  return std::ranges::all_of(
      text, [place](char c) { return (kPlaces[static_cast<unsigned char>(c)] & place) != 0; });
}

bool is_dot_atom(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' && is_all(text, kInAddress) &&
         text.find("..") == std::string_view::npos;
}

bool is_plain_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && is_dot_atom(text.substr(0, at)) &&
         is_dot_atom(text.substr(at + 1)) && text.find("=?") == std::string_view::npos;
}

std::string_view without_outer_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos
             ? std::string_view{}
             : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool is_quoted(std::string_view phrase) {
  return phrase.size() >= 2 && phrase.front() == '"' && phrase.back() == '"';
}

}  // namespace

std::optional<PlainMailbox> read_plain_mailbox(std::string_view value, std::size_t phrase_limit) {
  value = without_outer_blanks(value);
  if (!value.ends_with('>')) {
    return is_plain_address(value) ? std::optional{PlainMailbox{.phrase = {}, .address = value}}
                                   : std::nullopt;
  }
  const std::size_t angle = value.rfind('<');
  if (angle == std::string_view::npos || angle > phrase_limit) {
    return std::nullopt;
  }
  const std::string_view address = value.substr(angle + 1, value.size() - angle - 2);
  std::string_view phrase = without_outer_blanks(value.substr(0, angle));
  const Place place = is_quoted(phrase) ? kInQuotes : kInPhrase;
  if (place == kInQuotes) {
    phrase = phrase.substr(1, phrase.size() - 2);
  }
  if (!is_plain_address(address) || !is_all(phrase, place) ||
      phrase.find("=?") != std::string_view::npos) {
    return std::nullopt;
  }
  return PlainMailbox{.phrase = phrase, .address = address};
}

}  // namespace gateway

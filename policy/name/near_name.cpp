// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/near_name.h"

#include "policy/name/ascii_forms.h"
#include "policy/name/common_names.h"
#include "policy/name/full_name.h"
#include "policy/name/match.h"
#include "policy/name/name_forms.h"
#include "policy/name/name_keys.h"
#include "policy/name/plain_name.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

using Tokens = std::vector<std::string>;

// How much of the beginning and of the end of a token names its buckets.
constexpr std::size_t kAffix = 3;
constexpr char kBeginning = '<';
constexpr char kEnd = '>';

// Tokens are valid UTF-8 by construction.
bool starts_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> all;
  all.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    while (end < text.size() && !starts_character(text[end])) {
      ++end;
    }
    all.push_back(text.substr(i, end - i));
    i = end;
  }
  return all;
}

std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, starts_character));
}

// `Sequence` is a text of single octets or a list of characters.
template <typename Sequence>
bool differ_by_one_edit(const Sequence& left, const Sequence& right) {
  const std::size_t shorter = std::min(left.size(), right.size());
  std::size_t front = 0;
  while (front < shorter && left[front] == right[front]) {
    ++front;
  }
  std::size_t back = 0;
  while (back < shorter - front && left[left.size() - 1 - back] == right[right.size() - 1 - back]) {
    ++back;
  }
  const std::size_t left_rest = left.size() - front - back;
  const std::size_t right_rest = right.size() - front - back;
  if (left_rest == 2 && right_rest == 2) {
    return left[front] == right[front + 1] && left[front + 1] == right[front];
  }
  return left_rest <= 1 && right_rest <= 1 && left_rest + right_rest > 0;
}

std::string bucket(std::string_view others, char side, std::string_view affix) {
  std::string name;
  name.reserve(others.size() + 2 + affix.size());
  name += others;
  name += '\0';
  name += side;
  name += affix;
  return bounded_key(std::move(name));
}

std::string others_of(std::span<const std::string> tokens, std::size_t without) {
  std::vector<std::string_view> others{tokens.begin(), tokens.end()};
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(without));
  return sorted_and_joined(std::move(others));
}

std::string concatenated(std::span<const std::string_view> characters) {
  std::string text;
  for (const std::string_view character : characters) {
    text += character;
  }
  return text;
}

// Of a token that has so many characters.
std::string_view beginning_of(std::string_view token) {
  std::size_t end = 0;
  for (std::size_t starts = 0; end < token.size(); ++end) {
    starts += starts_character(token[end]) ? 1U : 0U;
    if (starts > kAffix) {
      break;
    }
  }
  return token.substr(0, end);
}

std::string_view ending_of(std::string_view token) {
  std::size_t start = token.size();
  for (std::size_t starts = 0; start > 0 && starts < kAffix;) {
    --start;
    starts += starts_character(token[start]) ? 1U : 0U;
  }
  return token.substr(start);
}

std::string key_of(const Tokens& tokens) {
  if (tokens.empty()) {
    return {};
  }
  std::string text;
  for (const std::string& token : tokens) {
    text += text.empty() ? "" : " ";
    text += token;
  }
  return bounded_key(sorted_and_joined(folded_tokens(text)));
}

void add_key(std::vector<std::string>& keys, std::string key) {
  if (!key.empty() && std::ranges::find(keys, key) == keys.end()) {
    keys.push_back(std::move(key));
  }
}

bool is_misspelt(std::string_view shown,
                 std::string_view token,
                 std::size_t shortest,
                 const CommonNames& common_names) {
  return length(token) >= shortest && is_one_edit(shown, token) && !common_names.contains(shown);
}

// Whether exactly one token differs, and that by one edit.
bool has_one_misspelling(const Tokens& shown,
                         const FullName& name,
                         const CommonNames& common_names) {
  std::size_t misspelt = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i] == name.tokens[i]) {
      continue;
    }
    const std::size_t shortest = i < name.given ? kMisspeltGivenName : kMisspeltSurname;
    if (misspelt > 0 || !is_misspelt(shown[i], name.tokens[i], shortest, common_names)) {
      return false;
    }
    ++misspelt;
  }
  return misspelt == 1;
}

// The shown tokens with each inner one left out, as far as that is more than an initial.
std::vector<Tokens> without_middle_names(std::span<const std::string> shown) {
  std::vector<Tokens> names;
  if (shown.size() < 3 || shown.size() > kMaximumFullNameTokens + 1) {
    return names;
  }
  for (std::size_t i = 1; i + 1 < shown.size(); ++i) {
    if (length(shown[i]) >= 2) {
      Tokens tokens{shown.begin(), shown.end()};
      tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(i));
      names.push_back(std::move(tokens));
    }
  }
  return names;
}

bool contains(const std::vector<Tokens>& names, const Tokens& tokens) {
  return std::ranges::find(names, tokens) != names.end();
}

}  // namespace

bool is_one_edit(std::string_view left, std::string_view right) {
  if (is_ascii(left) && is_ascii(right)) {
    return differ_by_one_edit(left, right);
  }
  return differ_by_one_edit(characters(left), characters(right));
}

std::vector<SpellingEntry> spelling_entries(const FullName& name) {
  std::vector<SpellingEntry> entries;
  for (std::size_t i = 0; i < name.tokens.size(); ++i) {
    const std::string& token = name.tokens[i];
    const std::size_t letters = length(token);
    if (letters < (i < name.given ? kMisspeltGivenName : kMisspeltSurname)) {
      continue;
    }
    const std::string others = others_of(name.tokens, i);
    entries.push_back({.bucket = bucket(others, kBeginning, beginning_of(token)), .token = token});
    entries.push_back({.bucket = bucket(others, kEnd, ending_of(token)), .token = token});
    if (letters == 2 * kAffix) {
      // The one edit that touches both: an exchange of the two letters in the middle.
      std::vector<std::string_view> exchanged = characters(token);
      exchanged[kAffix - 1] = exchanged[kAffix];
      const std::string beginning = concatenated(std::span{exchanged}.first(kAffix));
      entries.push_back({.bucket = bucket(others, kBeginning, beginning), .token = token});
    }
  }
  return entries;
}

std::vector<SpellingEntry> spelling_look_ups(std::span<const std::string> shown) {
  std::vector<SpellingEntry> look_ups;
  look_ups.reserve(2 * shown.size());
  if (shown.size() < 2 || shown.size() > kMaximumFullNameTokens) {
    return look_ups;
  }
  for (std::size_t i = 0; i < shown.size(); ++i) {
    // A letter may be missing.
    if (length(shown[i]) + 1 < (i == 0 ? kMisspeltGivenName : kMisspeltSurname)) {
      continue;
    }
    const std::string others = others_of(shown, i);
    look_ups.push_back(
        {.bucket = bucket(others, kBeginning, beginning_of(shown[i])), .token = shown[i]});
    look_ups.push_back({.bucket = bucket(others, kEnd, ending_of(shown[i])), .token = shown[i]});
  }
  return look_ups;
}

std::vector<std::string> loose_name_keys(const FullName& name) {
  std::vector<std::string> keys;
  for (const Tokens& tokens : nicknamed(name)) {
    add_key(keys, key_of(tokens));
  }
  for (const Tokens& tokens : shortened(name)) {
    add_key(keys, key_of(tokens));
  }
  add_key(keys, key_of(name.transcribed));
  return keys;
}

ShownTokens shown_tokens(std::string_view text) {
  ShownTokens shown{.tokens = given_first_tokens(text), .transcribed = {}};
  if (const std::string transcribed = transcribed_name(text); !transcribed.empty()) {
    shown.transcribed = given_first_tokens(transcribed);
  }
  return shown;
}

std::vector<std::string> loose_look_up_keys(const ShownTokens& shown) {
  std::vector<std::string> keys;
  for (const Tokens& tokens : without_middle_names(shown.tokens)) {
    add_key(keys, key_of(tokens));
  }
  add_key(keys, key_of(shown.transcribed));
  return keys;
}

std::optional<Match> compare_loosely(const ShownTokens& shown,
                                     const FullName& name,
                                     const CommonNames& common_names) {
  const Tokens& tokens = shown.tokens;
  if (name.tokens.empty()) {
    return std::nullopt;
  }
  if (contains(nicknamed(name), tokens)) {
    return Match::kNickname;
  }
  const bool is_typo =
      (tokens.size() == name.tokens.size() && has_one_misspelling(tokens, name, common_names)) ||
      contains(without_middle_names(tokens), name.tokens) || contains(shortened(name), tokens) ||
      tokens == name.transcribed || shown.transcribed == name.tokens;
  return is_typo ? std::optional{Match::kTypo} : std::nullopt;
}

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/full_name.h"

#include "policy/name/nickname_table.h"
#include "policy/name/plain_name.h"
#include "policy/name/shown_name.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

using Tokens = std::vector<std::string>;

// Sorted.
constexpr std::array<std::string_view, 28> kParticles{
    "af",  "al",  "bin", "da",  "das", "de", "del", "della", "den", "der",
    "di",  "do",  "dos", "du",  "ibn", "la", "las", "le",    "lo",  "los",
    "ten", "ter", "van", "vom", "von", "y",  "zu",  "zum"};

bool is_particle(std::string_view token) {
  return std::ranges::binary_search(kParticles, token);
}

// The first code point of a text in UTF-8.
std::string first_character(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    ++end;
  }
  return std::string{text.substr(0, end)};
}

Tokens joined(std::span<const std::string> left, std::span<const std::string> right) {
  Tokens all{left.begin(), left.end()};
  all.insert(all.end(), right.begin(), right.end());
  return all;
}

bool has_ideographs(std::string_view text) {
  return plain_name(text).form.ideographs > 0;
}

// Without a directory's word for it: two of four are given names, as in `María José García Núñez`.
std::uint32_t guessed_given(const Tokens& tokens) {
  constexpr std::size_t kTwoAndTwo = 4;
  return tokens.size() == kTwoAndTwo && std::ranges::none_of(tokens, is_particle) ? 2 : 1;
}

// The surnames one by one: first token and number of tokens.
std::vector<std::pair<std::size_t, std::size_t>> surnames(const FullName& name) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  std::size_t start = name.given;
  for (std::size_t i = name.given; i < name.tokens.size(); ++i) {
    if (!is_particle(name.tokens[i])) {
      found.emplace_back(start, i + 1 - start);
      start = i + 1;
    }
  }
  return found;
}

// What stands between the first name and the last may be a middle name, whatever the directory
// takes it for.
void add_without_middle_names(const FullName& name, std::vector<Tokens>& variants) {
  if (name.tokens.size() < 3 || std::ranges::any_of(name.tokens, is_particle)) {
    return;
  }
  Tokens initials = name.tokens;
  const std::size_t middle_end = std::max<std::size_t>(name.given, 2);
  for (std::size_t i = 1; i < middle_end && i + 1 < initials.size(); ++i) {
    initials[i] = first_character(initials[i]);
  }
  if (initials != name.tokens) {
    variants.push_back(std::move(initials));
  }
  if (name.given > 1 && name.given < name.tokens.size()) {
    variants.push_back(
        joined(std::span{name.tokens}.first(1), std::span{name.tokens}.subspan(name.given)));
  }
}

}  // namespace

std::vector<std::string> given_first_tokens(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma != std::string_view::npos && text.find(',', comma + 1) == std::string_view::npos) {
    const Tokens before = plain_tokens(text.substr(0, comma));
    const Tokens after = plain_tokens(text.substr(comma + 1));
    return joined(after, before);
  }
  return plain_tokens(text);
}

FullName full_name(std::string_view display_name,
                   std::string_view given_name,
                   std::string_view surname,
                   const NicknameTable& nicknames) {
  FullName name;
  if (has_ideographs(display_name)) {
    return name;
  }
  const Tokens given = plain_tokens(given_name);
  if (!given.empty() && !plain_tokens(surname).empty()) {
    const std::string text = std::string{given_name} + ' ' + std::string{surname};
    name.tokens = plain_tokens(text);
    name.transcribed = plain_tokens(transcribed_name(text));
    name.given = static_cast<std::uint32_t>(given.size());
  } else {
    const std::string undecorated = undecorated_name(display_name, surname);
    const std::string_view text = undecorated.empty() ? display_name : undecorated;
    name.tokens = given_first_tokens(text);
    name.transcribed = given_first_tokens(transcribed_name(text));
    name.given = guessed_given(name.tokens);
  }
  if (name.tokens.size() < 2 || name.tokens.size() > kMaximumFullNameTokens) {
    return {};
  }
  name.nicknames = nicknames.relatives_of(name.tokens.front());
  return name;
}

std::vector<std::vector<std::string>> nicknamed(const FullName& name) {
  std::vector<Tokens> variants;
  for (const std::string& nickname : name.nicknames) {
    Tokens tokens = name.tokens;
    tokens.front() = nickname;
    variants.push_back(std::move(tokens));
  }
  return variants;
}

std::vector<std::vector<std::string>> shortened(const FullName& name) {
  std::vector<Tokens> variants;
  add_without_middle_names(name, variants);
  const auto parts = surnames(name);
  if (parts.size() < 2) {
    return variants;
  }
  for (const auto& [start, count] : parts) {
    Tokens tokens = name.tokens;
    const auto first = tokens.begin() + static_cast<std::ptrdiff_t>(start);
    tokens.erase(first, first + static_cast<std::ptrdiff_t>(count));
    if (name.given > 1) {
      Tokens first_given = tokens;
      first_given.erase(first_given.begin() + 1,
                        first_given.begin() + static_cast<std::ptrdiff_t>(name.given));
      variants.push_back(std::move(first_given));
    }
    variants.push_back(std::move(tokens));
  }
  return variants;
}

}  // namespace policy

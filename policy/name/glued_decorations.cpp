// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/glued_decorations.h"

#include "policy/name/decoration_lexicon.h"
#include "policy/name/text_words.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

// No name with its title is longer; what is longer is a sentence, and is not cut up.
constexpr std::size_t kMaximumOctets = 128;
constexpr std::size_t kLeastCharacters = 2;

std::size_t ideographs_of(std::string_view text) {
  const std::vector<TextWord> words = text_words(text);
  const bool is_word = words.size() == 1 && words.front().ideographs == words.front().letters;
  return is_word ? words.front().ideographs : 0;
}

bool starts_character(std::string_view text, std::size_t at) {
  constexpr unsigned char kKindBits = 0xC0;
  constexpr unsigned char kContinuation = 0x80;
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & kKindBits) != kContinuation;
}

// Where `word` must be cut for the part behind, or in front, to have this token; its size if
// nowhere.
template <typename PartAt>
std::size_t cut_for(std::string_view token, std::string_view word, PartAt part_at) {
  for (std::size_t at = 1; at < word.size(); ++at) {
    if (starts_character(word, at) && lexicon_token(part_at(at)) == token) {
      return at;
    }
  }
  return word.size();
}

void insert_by_length(std::vector<std::string>& tokens, std::string token) {
  const auto place = std::ranges::find_if(
      tokens, [&](const std::string& other) { return other.size() <= token.size(); });
  if (place == tokens.end() || *place != token) {
    tokens.insert(place, std::move(token));
  }
}

}  // namespace

void GluedDecorations::add(std::string_view entry) {
  const std::size_t characters = ideographs_of(entry);
  if (characters == 0) {
    return;
  }
  insert_by_length(behind_, lexicon_token(entry));
  if (characters > 1) {
    insert_by_length(in_front_, lexicon_token(entry));
  }
}

std::string_view GluedDecorations::name_in(std::string_view word) const {
  if (word.size() > kMaximumOctets || ideographs_of(word) <= kLeastCharacters) {
    return word;
  }
  std::string_view name = without_one(word);
  while (name.size() < word.size()) {
    word = name;
    name = without_one(word);
  }
  return name;
}

// The word without one decoration.
std::string_view GluedDecorations::without_one(std::string_view word) const {
  const std::string token = lexicon_token(word);
  const std::string_view name = without_one_behind(word, token);
  return name.size() < word.size() ? name : without_one_in_front(word, token);
}

std::string_view GluedDecorations::without_one_behind(std::string_view word,
                                                      std::string_view token) const {
  for (const std::string& entry : behind_) {
    if (!token.ends_with(entry)) {
      continue;
    }
    const std::size_t cut = cut_for(entry, word, [&](std::size_t at) { return word.substr(at); });
    if (ideographs_of(word.substr(0, cut)) >= kLeastCharacters) {
      return word.substr(0, cut);
    }
  }
  return word;
}

std::string_view GluedDecorations::without_one_in_front(std::string_view word,
                                                        std::string_view token) const {
  for (const std::string& entry : in_front_) {
    if (!token.starts_with(entry)) {
      continue;
    }
    const std::size_t cut =
        cut_for(entry, word, [&](std::size_t at) { return word.substr(0, at); });
    if (cut < word.size() && ideographs_of(word.substr(cut)) >= kLeastCharacters) {
      return word.substr(cut);
    }
  }
  return word;
}

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/window_search.h"

#include "policy/name/decoration_lexicon.h"
#include "policy/name/name_forms.h"
#include "policy/name/name_keys.h"
#include "policy/name/text_words.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/name_search.h"
#include "policy/verdict/shown_address.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

constexpr std::size_t kSmallestWindow = 2;
constexpr std::size_t kLargestWindow = 4;
// A word of so many spells a whole name in scripts that need no spaces.
constexpr std::size_t kIdeographsOfName = 2;

std::vector<std::string> windows_of(std::string_view text) {
  std::vector<std::string> tokens;
  std::vector<std::string> keys;
  for (const TextWord& word : text_words(text)) {
    tokens.push_back(lexicon_token(word.text));
    if (word.ideographs >= kIdeographsOfName) {
      keys.push_back(bounded_key(tokens.back()));
    }
  }
  for (std::size_t size = kSmallestWindow; size <= kLargestWindow; ++size) {
    for (std::size_t first = 0; first + size <= tokens.size(); ++first) {
      keys.push_back(bounded_key(sorted_and_joined(std::span{tokens}.subspan(first, size))));
    }
  }
  std::ranges::sort(keys);
  const auto repeated = std::ranges::unique(keys);
  keys.erase(repeated.begin(), repeated.end());
  return keys;
}

}  // namespace

Result<std::vector<PersonRef>> people_within(std::string_view text, NameSearch& search) {
  std::vector<PersonRef> all;
  const auto add = [&](Result<std::vector<PersonRef>> people) -> Result<void> {
    if (!people.has_value()) {
      return std::unexpected{std::move(people.error())};
    }
    all.insert(all.end(), people->begin(), people->end());
    return {};
  };
  for (const std::string& key : windows_of(text)) {
    if (const auto done = add(search.bearers_of_key(key)); !done.has_value()) {
      return std::unexpected{done.error()};
    }
  }
  for (const std::string& address : shown_addresses(text)) {
    if (const auto done = add(search.owners(address)); !done.has_value()) {
      return std::unexpected{done.error()};
    }
  }
  std::ranges::sort(all);
  const auto repeated = std::ranges::unique(all);
  all.erase(repeated.begin(), repeated.end());
  return all;
}

}  // namespace policy

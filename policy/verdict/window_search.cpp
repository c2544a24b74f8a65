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
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace policy {
namespace {

constexpr std::size_t kSmallestWindow = 2;
constexpr std::size_t kLargestWindow = 4;
// A word of so many spells a whole name in scripts that need no spaces.
constexpr std::size_t kIdeographsOfName = 2;

// Keys in the order in which they come, each once.
class KeyList {
 public:
  void add(std::string key) {
    const auto [known, is_new] = keys_.insert(std::move(key));
    if (is_new) {
      in_order_.emplace_back(*known);
    }
  }

  [[nodiscard]] std::span<const std::string_view> in_order() const { return in_order_; }

 private:
  std::unordered_set<std::string> keys_;  // they stay where they are
  std::vector<std::string_view> in_order_;
};

// The tokens of the words of a text; one that comes again is not worked out again.
class WordTokens {
 public:
  const std::string& of(std::string_view word) {
    const auto [known, is_new] = tokens_.try_emplace(word);
    if (is_new) {
      known->second = lexicon_token(word);
    }
    return known->second;
  }

 private:
  std::unordered_map<std::string_view, std::string> tokens_;
};

KeyList windows_of(std::string_view text) {
  WordTokens known;
  std::vector<std::string_view> tokens;
  KeyList keys;
  for (const TextWord& word : text_words(text)) {
    tokens.emplace_back(known.of(word.text));
    if (word.ideographs >= kIdeographsOfName) {
      keys.add(bounded_key(std::string{tokens.back()}));
    }
  }
  for (std::size_t size = kSmallestWindow; size <= kLargestWindow; ++size) {
    for (std::size_t first = 0; first + size <= tokens.size(); ++first) {
      const auto window = std::span{tokens}.subspan(first, size);
      keys.add(bounded_key(sorted_and_joined({window.begin(), window.end()})));
    }
  }
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
  const KeyList keys = windows_of(text);
  for (const std::string_view key : keys.in_order()) {
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

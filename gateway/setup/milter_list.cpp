// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/milter_list.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

constexpr std::string_view kSeparators = ", \t\r\n";

bool is_separator(char c) {
  return kSeparators.find(c) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSeparators);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(kSeparators) - begin + 1);
}

// Loopback by any name is one host; for a socket the path without its leading slash counts.
std::string canonical(std::string_view place) {
  std::string text{place};
  constexpr std::string_view kUnix = "unix:";
  if (text.starts_with(kUnix)) {
    text.erase(kUnix.size(), text.find_first_not_of('/', kUnix.size()) - kUnix.size());
    return text;
  }
  constexpr std::array<std::string_view, 4> kLoopback{
      "inet:127.0.0.1:", "inet:[127.0.0.1]:", "inet:[::1]:", "inet:::1:"};
  for (const std::string_view host : kLoopback) {
    if (text.starts_with(host)) {
      return "inet:localhost:" + text.substr(host.size());
    }
  }
  return text;
}

}  // namespace

std::string MilterEntry::text() const {
  if (settings.empty()) {
    return place;
  }
  std::string text = "{ " + place;
  for (const auto& [name, value] : settings) {
    text += ", ";
    text += name;
    text += '=';
    text += value;
  }
  return text + " }";
}

std::string_view MilterEntry::setting(std::string_view name) const {
  const auto found =
      std::ranges::find_if(settings, [&](const auto& setting) { return setting.first == name; });
  return found == settings.end() ? std::string_view{} : std::string_view{found->second};
}

bool MilterWord::is_reference() const {
  const std::string name{kMilterParameter};
  return text == "$" + name || text == "${" + name + "}" || text == "$(" + name + ")";
}

std::vector<MilterWord> milter_words(std::string_view list) {
  std::vector<MilterWord> words;
  std::size_t at = 0;
  while (true) {
    at = list.find_first_not_of(kSeparators, at);
    if (at == std::string_view::npos) {
      return words;
    }
    std::size_t end = at;
    int depth = 0;
    while (end < list.size() && (depth > 0 || !is_separator(list[end]))) {
      depth += list[end] == '{' ? 1 : 0;
      depth -= list[end] == '}' ? 1 : 0;
      ++end;
    }
    words.push_back({.begin = at, .end = end, .text = std::string{list.substr(at, end - at)}});
    at = end;
  }
}

MilterEntry milter_entry(std::string_view word) {
  MilterEntry entry;
  if (!word.starts_with('{') || !word.ends_with('}') || word.size() < 2) {
    entry.place = word;
    return entry;
  }
  for (const MilterWord& inner : milter_words(word.substr(1, word.size() - 2))) {
    // A setting with spaces around its `=` has braces of its own.
    std::string_view part{inner.text};
    if (part.starts_with('{') && part.ends_with('}')) {
      part = trimmed(part.substr(1, part.size() - 2));
    }
    const std::size_t equals = part.find('=');
    if (entry.place.empty()) {
      entry.place = part;
    } else if (equals != std::string_view::npos) {
      entry.settings.emplace_back(trimmed(part.substr(0, equals)),
                                  trimmed(part.substr(equals + 1)));
    }
  }
  return entry;
}

bool is_same_place(std::string_view a, std::string_view b) {
  return canonical(a) == canonical(b);
}

std::string with_milter(std::string_view list, std::string_view word) {
  const std::string_view others = trimmed(list);
  return others.empty() ? std::string{word} : std::string{others} + ", " + std::string{word};
}

std::string with_word(std::string_view list, const MilterWord& word, std::string_view replacement) {
  return std::string{list.substr(0, word.begin)} + std::string{replacement} +
         std::string{list.substr(word.end)};
}

std::string without_word(std::string_view list, const MilterWord& word) {
  const std::string_view before = trimmed(list.substr(0, word.begin));
  const std::string_view after = trimmed(list.substr(word.end));
  if (before.empty() || after.empty()) {
    return std::string{before} + std::string{after};
  }
  // The separator before the word stays for the one behind it.
  return std::string{list.substr(0, word.begin)} + std::string{after};
}

}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/ascii_forms.h"

#include "policy/ascii.h"
#include "policy/name/name_forms.h"
#include "policy/name/unicode_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unicode/unistr.h>

namespace policy {
namespace {

using Path = NameForm::Path;

constexpr std::size_t kAsciiSize = 128;

// What a character becomes at the end of a path: word characters as they are, a space where a
// token ends, nothing for an apostrophe.
struct Final {
  static constexpr std::size_t kMostOctets = 7;

  std::array<char, kMostOctets> octets{};
  std::uint8_t size = 0;

  [[nodiscard]] std::string_view text() const { return {octets.data(), size}; }
};

using FinalTable = std::array<Final, kAsciiSize>;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Final final_text(char c) {
  const icu::UnicodeString skeleton = unicode::without_marks(
      unicode::skeleton(unicode::nfkc_casefold(unicode::skeleton(icu::UnicodeString{c}))));
  std::string text;
  for (std::int32_t at = 0; at < skeleton.length(); at = skeleton.moveIndex32(at, 1)) {
    const UChar32 part = skeleton.char32At(at);
    if (unicode::is_word_character(part)) {
      text += unicode::to_utf8(icu::UnicodeString{part});
    } else if (part != U'\'') {
      text += ' ';
    }
  }
  Final final{};
  final.size = static_cast<std::uint8_t>(text.copy(final.octets.data(), Final::kMostOctets));
  return final;
}

// The skeleton of a text is made character by character, so one table gives them all; the property
// test holds that against ICU.
const FinalTable& final_table() {
  static const FinalTable table = [] {
    FinalTable filled;
    for (std::size_t c = 0; c < kAsciiSize; ++c) {
      const bool is_blank = c < 0x20 || c == 0x7f || c == '%';
      filled.at(c) =
          is_blank ? Final{.octets = {' '}, .size = 1} : final_text(static_cast<char>(c));
    }
    return filled;
  }();
  return table;
}

// Drops NUL and digit-only words. What else is left of controls are separators in the table.
std::string visible_text_of(std::string_view name) {
  std::string shown;
  shown.reserve(name.size());
  std::size_t word_start = 0;
  bool has_letter = false;
  const auto finish_word = [&] {
    if (!has_letter) {
      shown.resize(word_start);
    }
  };
  for (const char c : name) {
    if (c == '\0') {
      continue;
    }
    if (is_letter(c) || is_digit(c)) {
      has_letter = has_letter || is_letter(c);
      shown += c;
      continue;
    }
    finish_word();
    shown += c;
    word_start = shown.size();
    has_letter = false;
  }
  finish_word();
  return shown;
}

// Adds to the token what a character became; a space ends it.
void append_final(NameForm& form, std::string& token, const Final& final) {
  for (const char part : final.text()) {
    if (part != ' ') {
      token += part;
    } else if (!token.empty()) {
      form.tokens.push_back(std::exchange(token, {}));
    }
  }
}

// Whether a letter has another skeleton as a capital, as I has, which is drawn like an l.
bool is_changed_by_folding(std::string_view text) {
  const FinalTable& table = final_table();
  return std::ranges::any_of(text, [&](char c) {
    const char lower = ascii_lower(c);
    return c != lower && table.at(static_cast<unsigned char>(c)).text() !=
                             table.at(static_cast<unsigned char>(lower)).text();
  });
}

template <typename Read>
NameForm make_form(Path path, std::string_view text, Read read) {
  NameForm form{.path = path, .tokens = {}};
  form.tokens.reserve(4);
  const FinalTable& table = final_table();
  std::string token;
  for (const char original : text) {
    const char c = read(original);
    form.letters += is_letter(c) ? 1U : 0U;
    append_final(form, token, table.at(static_cast<unsigned char>(c)));
  }
  if (!token.empty()) {
    form.tokens.push_back(std::move(token));
  }
  return form;
}

}  // namespace

bool is_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::uint64_t octets = 0;
  for (; text.size() >= sizeof octets; text.remove_prefix(sizeof octets)) {
    std::memcpy(&octets, text.data(), sizeof octets);
    if ((octets & kHighBits) != 0) {
      return false;
    }
  }
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::vector<NameForm> ascii_name_forms(std::string_view name) {
  const std::string text = visible_text_of(name);
  std::vector<NameForm> forms;
  forms.reserve(2);
  add_form(forms, make_form(Path::kUnfolded, text, [](char c) { return c; }));
  if (is_changed_by_folding(text)) {
    add_form(forms, make_form(Path::kFolded, text, ascii_lower));
  }
  return forms;
}

std::string ascii_folded_word(std::string_view word) {
  std::string folded;
  if (std::ranges::none_of(word, is_letter)) {
    return folded;
  }
  const FinalTable& table = final_table();
  for (const char c : word) {
    const std::string_view final = table.at(static_cast<unsigned char>(ascii_lower(c))).text();
    if (c != '\0' && final != " ") {
      folded += final;
    }
  }
  return folded;
}

std::vector<std::string> ascii_folded_tokens(std::string_view text) {
  return make_form(Path::kFolded, visible_text_of(text), ascii_lower).tokens;
}

}  // namespace policy

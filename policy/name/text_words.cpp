// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/text_words.h"

#include "policy/name/unicode_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace policy {
namespace {

// Walks a text in UTF-8; an octet that is none reads as U+FFFD.
class CodePoints {
 public:
  explicit CodePoints(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return next_ >= size(); }

  // NOLINTNEXTLINE(readability-function-*): the macro is ICU's; it takes no other form.
  UChar32 take() {
    start_ = next_;
    const auto first = static_cast<unsigned char>(text_[static_cast<std::size_t>(next_)]);
    if (first < 0x80) {
      ++next_;
      return first;
    }
    UChar32 c = 0;
    const auto* octets = reinterpret_cast<const std::uint8_t*>(text_.data());
    // NOLINTNEXTLINE(bugprone-inc-dec-in-conditions): ICU's macro.
    U8_NEXT_OR_FFFD(octets, next_, size(), c);
    return c;
  }

  /// Where the character taken last starts, and the one after it.
  [[nodiscard]] std::size_t start() const { return static_cast<std::size_t>(start_); }

  [[nodiscard]] std::size_t next() const { return static_cast<std::size_t>(next_); }

 private:
  [[nodiscard]] std::int32_t size() const { return static_cast<std::int32_t>(text_.size()); }

  std::string_view text_;
  std::int32_t start_ = 0;
  std::int32_t next_ = 0;
};

bool is_ascii_word(UChar32 c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool belongs_to_word(UChar32 c) {
  if (c < 0x80) {
    return is_ascii_word(c) || unicode::is_apostrophe(c) || c == 0;
  }
  return unicode::is_word_character(c) || unicode::is_invisible(c) || unicode::is_blank_filler(c) ||
         unicode::is_apostrophe(c);
}

void count(TextWord& word, UChar32 c) {
  if (c < 0x80) {
    word.letters += is_ascii_word(c) && (c < '0' || c > '9') ? 1U : 0U;
    return;
  }
  word.letters += u_isalpha(c) != 0 && !unicode::is_blank_filler(c) ? 1U : 0U;
  word.ideographs += unicode::is_ideograph_like(c) ? 1U : 0U;
}

UChar32 without_full_width(UChar32 c) {
  constexpr UChar32 kFirstFullWidth = 0xFF01;
  constexpr UChar32 kLastFullWidth = 0xFF5E;
  return c >= kFirstFullWidth && c <= kLastFullWidth ? c - kFirstFullWidth + '!' : c;
}

constexpr std::array<bool, 0x80> kSeparators = [] {
  std::array<bool, 0x80> separators{};
  for (const char c : std::string_view{"|;/()[]{}<>*~\r\n"}) {
    separators.at(static_cast<unsigned char>(c)) = true;
  }
  return separators;
}();

bool always_separates(UChar32 c) {
  return c >= 0 && c < 0x80 && kSeparators[static_cast<std::size_t>(c)];
}

bool separates_when_spaced(UChar32 c) {
  constexpr UChar32 kMiddleDot = 0xB7;
  constexpr UChar32 kBullet = 0x2022;
  return c == U'@' || c == kMiddleDot || c == kBullet || c == U'-' ||
         (c >= 0x80 && u_charType(c) == U_DASH_PUNCTUATION);
}

bool is_space(UChar32 c) {
  return c == U' ' || c == U'\t' || (c >= 0x80 && u_isUWhiteSpace(c) != 0);
}

bool may_separate(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet >= 0x80 || always_separates(octet) || c == ',' || c == '@' || c == '-';
}

}  // namespace

bool may_have_segments(std::string_view text) {
  return std::ranges::any_of(text, may_separate);
}

std::vector<TextWord> text_words(std::string_view text) {
  std::vector<TextWord> words;
  words.reserve(4);
  TextWord word;
  std::size_t word_start = 0;
  const auto finish = [&](std::size_t end) {
    word.text = text.substr(word_start, end - word_start);
    if (word.letters > 0 || word.text.find_first_of("0123456789") != std::string_view::npos) {
      words.push_back(word);
    }
    word = {};
  };
  bool in_word = false;
  for (CodePoints at{text}; !at.done();) {
    const UChar32 c = at.take();
    const bool belongs = belongs_to_word(c);
    if (belongs && !in_word) {
      word_start = at.start();
    } else if (!belongs && in_word) {
      finish(at.start());
    }
    if (belongs) {
      count(word, c);
    }
    in_word = belongs;
  }
  if (in_word) {
    finish(text.size());
  }
  return words;
}

std::vector<std::string_view> text_segments(std::string_view text, SegmentCommas commas) {
  std::vector<std::string_view> segments;
  std::size_t segment_start = 0;
  const auto finish = [&](std::size_t end) {
    const std::string_view segment = text.substr(segment_start, end - segment_start);
    if (segment.find_first_not_of(" \t") != std::string_view::npos) {
      segments.push_back(segment);
    }
  };
  bool after_space = true;
  for (CodePoints at{text}; !at.done();) {
    const UChar32 c = without_full_width(at.take());
    const std::size_t start = at.start();
    const std::size_t next = at.next();
    const bool before_space = next >= text.size() || text[next] == ' ' || text[next] == '\t';
    const bool separates = always_separates(c) ||
                           (c == U',' && commas == SegmentCommas::kSeparate) ||
                           (separates_when_spaced(c) && (after_space || before_space));
    if (separates) {
      finish(start);
      segment_start = next;
    }
    after_space = is_space(c);
  }
  finish(text.size());
  return segments;
}

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/visible_variants.h"

#include "policy/name/name_forms.h"
#include "policy/name/unicode_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace policy {
namespace {

constexpr UChar32 kLeftToRightOverride = 0x202D;
constexpr UChar32 kRightToLeftOverride = 0x202E;
constexpr UChar32 kPopDirectionalFormatting = 0x202C;

enum class Fillers { kNothing, kSpace };

bool has_any(const icu::UnicodeString& text, bool (*matches)(UChar32)) {
  for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    if (matches(text.char32At(at))) {
      return true;
    }
  }
  return false;
}

bool is_override(UChar32 c) {
  return c == kLeftToRightOverride || c == kRightToLeftOverride;
}

// Symbols that folding or the skeleton would make letters of the word beside them.
bool is_symbol_of_letters(UChar32 c) {
  constexpr UChar32 kServiceMark = 0x2120;
  constexpr UChar32 kTradeMark = 0x2122;
  return c == '%' || c == kServiceMark || c == kTradeMark;
}

icu::UnicodeString cleaned(const icu::UnicodeString& text, Fillers fillers) {
  icu::UnicodeString clean;
  unicode::for_each_code_point(text, [&](UChar32 c) {
    const bool is_filler = unicode::is_blank_filler(c);
    const bool is_control = c != 0 && u_charType(c) == U_CONTROL_CHAR;
    if (is_filler ? fillers == Fillers::kSpace : is_control || is_symbol_of_letters(c)) {
      clean.append(u' ');
    } else if (!is_filler && !unicode::is_invisible(c)) {
      clean.append(c);
    }
  });
  return clean;
}

// Only what stands between a right-to-left override and its end is shown backwards.
icu::UnicodeString with_overrides_carried_out(const icu::UnicodeString& text) {
  icu::UnicodeString shown;
  std::int32_t at = 0;
  while (at < text.length()) {
    if (text.char32At(at) != kRightToLeftOverride) {
      shown.append(text.char32At(at));
      at = text.moveIndex32(at, 1);
      continue;
    }
    const std::int32_t start = at + 1;
    std::int32_t end = text.indexOf(kPopDirectionalFormatting, start);
    end = end < 0 ? text.length() : end;
    icu::UnicodeString span{text, start, end - start};
    shown.append(span.reverse());
    at = end;
  }
  return shown;
}

icu::UnicodeString without_numbers(const icu::UnicodeString& text) {
  icu::UnicodeString kept;
  icu::UnicodeString word;
  bool has_letter = false;
  const auto finish = [&] {
    if (has_letter) {
      kept.append(word);
    }
    word.remove();
    has_letter = false;
  };
  unicode::for_each_code_point(text, [&](UChar32 c) {
    if (unicode::is_word_character(c)) {
      word.append(c);
      has_letter = has_letter || u_charType(c) != U_DECIMAL_DIGIT_NUMBER;
    } else {
      finish();
      kept.append(c);
    }
  });
  finish();
  return kept;
}

}  // namespace

icu::UnicodeString first_visible_variant(std::string_view text) {
  return without_numbers(cleaned(unicode::from_utf8(text), Fillers::kNothing));
}

std::vector<icu::UnicodeString> visible_variants(std::string_view text) {
  const icu::UnicodeString raw = unicode::from_utf8(text);
  std::vector<icu::UnicodeString> readings{raw};
  if (has_any(raw, is_override)) {
    readings.push_back(with_overrides_carried_out(raw));
    icu::UnicodeString backwards{raw};
    readings.push_back(backwards.reverse());
  }
  std::vector<icu::UnicodeString> variants;
  const auto add = [&](icu::UnicodeString variant) {
    variant = without_numbers(variant);
    if (std::ranges::find(variants, variant) == variants.end()) {
      variants.push_back(std::move(variant));
    }
  };
  const bool has_fillers = has_any(raw, unicode::is_blank_filler);
  for (const icu::UnicodeString& reading : readings) {
    add(cleaned(reading, Fillers::kNothing));
    if (has_fillers) {
      add(cleaned(reading, Fillers::kSpace));
    }
  }
  return variants;
}

std::size_t most_readings(std::string_view text) {
  // Every override and every filler begins with this octet in UTF-8, or with a greater one.
  constexpr unsigned char kLeastFirstOctet = 0xE1;
  const bool may_have = std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) >= kLeastFirstOctet; });
  if (!may_have) {
    return 1;
  }
  constexpr std::size_t kOverridden = 3;
  constexpr std::size_t kFilled = 2;
  const icu::UnicodeString raw = unicode::from_utf8(text);
  return (has_any(raw, is_override) ? kOverridden : 1) *
         (has_any(raw, unicode::is_blank_filler) ? kFilled : 1);
}

icu::UnicodeString folded_without_marks(const icu::UnicodeString& text) {
  return unicode::without_marks(unicode::nfkc_casefold(text));
}

}  // namespace policy

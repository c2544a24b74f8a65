// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// ICU's types, wrapped for the other files of this folder; no header outside of it includes this.

#include <cstdint>
#include <string>
#include <string_view>

#include <unicode/umachine.h>
#include <unicode/unistr.h>

namespace policy::unicode {

/// Calls `visit` with each code point of the text; an unpaired surrogate is one.
template <typename Visit>
void for_each_code_point(const icu::UnicodeString& text, Visit visit) {
  constexpr char16_t kFirstSurrogate = 0xD800;
  constexpr char16_t kLastSurrogate = 0xDFFF;
  const char16_t* const units = text.getBuffer();
  for (std::int32_t at = 0; at < text.length(); ++at) {
    const char16_t unit = units[at];
    if (unit < kFirstSurrogate || unit > kLastSurrogate) {
      visit(static_cast<UChar32>(unit));
      continue;
    }
    const UChar32 c = text.char32At(at);
    visit(c);
    at = text.moveIndex32(at, 1) - 1;
  }
}

/// Text that is no UTF-8 has U+FFFD in place of the bad octets.
[[nodiscard]] icu::UnicodeString from_utf8(std::string_view text);
[[nodiscard]] std::string to_utf8(const icu::UnicodeString& text);

/// NFKC_Casefold (Unicode Standard, 3.13): case, width, compatibility forms and ignorables.
[[nodiscard]] icu::UnicodeString nfkc_casefold(const icu::UnicodeString& text);

/// Case and width only: compatibility characters of other kinds stay as they are.
[[nodiscard]] icu::UnicodeString fold_case_and_width(const icu::UnicodeString& text);

/// Canonically decomposes, drops the marks that people leave out when they type a name (Latin,
/// Greek, Cyrillic, Hebrew, Arabic and generic ones) and composes again. Marks that are letters of
/// their script, as in Devanagari, Thai or kana, stay.
[[nodiscard]] icu::UnicodeString without_marks(const icu::UnicodeString& text);

/// The UTS #39 skeleton.
[[nodiscard]] icu::UnicodeString skeleton(const icu::UnicodeString& text);

/// ICU's `Any-Latin; Latin-ASCII; Lower`.
[[nodiscard]] icu::UnicodeString in_latin(const icu::UnicodeString& text);

/// ICU's `Latin-ASCII` on the letters of Latin-1 Supplement and Latin Extended-A alone: o with
/// stroke, l with stroke, dotless i. What is left are letters that no keyboard layout calls Latin.
[[nodiscard]] icu::UnicodeString with_plain_latin(const icu::UnicodeString& text);

/// The text with simplified Chinese characters for traditional ones, by ICU's `Hant-Hans`.
[[nodiscard]] icu::UnicodeString in_simplified_chinese(const icu::UnicodeString& text);

/// The text with the letters that German and Nordic spelling writes as two where they are missing:
/// a, o and u with diaeresis, o with stroke, a with ring as ae, oe, ue, oe, aa (DIN 5007-2). Case
/// is folded if there is any such letter; otherwise the text comes back as it is.
[[nodiscard]] icu::UnicodeString with_transcribed_letters(const icu::UnicodeString& text);

/// Whether the character is part of a token: letter, digit or mark.
[[nodiscard]] bool is_word_character(UChar32 c);

/// Whether the character shows nothing: format controls, default ignorables, NUL.
[[nodiscard]] bool is_invisible(UChar32 c);

/// Whether the character shows as blank space although it counts as letter or symbol: Hangul
/// fillers, Braille blank, Mongolian vowel separator.
[[nodiscard]] bool is_blank_filler(UChar32 c);

/// Whether the character's skeleton is an apostrophe.
[[nodiscard]] bool is_apostrophe(UChar32 c);

/// Whether the character's script writes names in a few characters without spaces.
[[nodiscard]] bool is_ideograph_like(UChar32 c);

}  // namespace policy::unicode

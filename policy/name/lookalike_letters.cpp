// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/lookalike_letters.h"

#include "policy/name/unicode_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace policy {
namespace {

// A letter, and what is read as it.
using Lookalikes = std::pair<char, std::u32string_view>;

// What people who draw names with other letters use, and UTS #39 does not list, or lists with
// another prototype. In Unicode order within a line: Greek, Cyrillic, Armenian, other alphabets,
// symbols. One character has one reading.
constexpr std::array<Lookalikes, 26> kLookalikes{{
    {'a', U"ΔΛαлձꭺ∀∆丹"},
    {'b', U"ΒβБбВвЪъЬьҌҍⲂⲃᏏ乃"},
    {'c', U"ϲƆɔСсႠⲤⲥ匚⊂¢©"},
    {'d', U"δДдժճᏧᗡ刀₫"},
    {'e', U"ΕΣΞεєЄЭэЁёⲈⲉヨ€℮∈"},
    {'f', U"ϜϝɟҒғքℲ下∫"},
    {'g', U"ƃԌԍցᏀ⅁₲"},
    {'h', U"ΗήНнҢңҺһհከᏂⲎⲏ卄"},
    {'i', U"ΙιІіЇїՒիוⲒⲓꓲ丨〡¡❕ℹ"},
    {'j', U"ϳЈјյɾ"},
    {'k', U"ΚκКкҚқҜҝⲔⲕ长⋊₭"},
    {'l', U"ӏԼן١۱اㄥ∣│£₤˥"},
    {'m', U"ΜϺϻМмጠⲘⲙɯ"},
    {'n', U"ΝΠηπИЙЛПийпՈոռղภทⲚⲛⲠⲡ几∩₦"},
    {'o', U"ΘΟθοσОоՕօסه٥⊙○◯⭕ဝഠⲞⲟⵔ口"},
    {'p', U"ΡρРрբקⲢⲣ卩₱"},
    {'q', U"ԚԛզᏄ"},
    {'r', U"ΓГЯгяᴚⲄⲅ尺®"},
    {'s', U"ςЅѕՏടዎ丂§"},
    {'t', U"ΤτТтⲦⲧ丅七⊥†₮➕"},
    {'u', U"μυЦцՍսບม∪凵"},
    {'v', U"νѴѵטѶѷ∨ʌ"},
    {'w', U"ΨΩψωШЩшщѡѠաพฟⲰⲱ山₩"},
    {'x', U"ΧχЖХжхҲҳⲬⲭ乂×❌❎"},
    {'y', U"ΥγУЧучҮүⲨⲩ丫¥⅄"},
    {'z', U"ΖζЗзⲌⲍ乙"},
}};

bool is_ascii_letter(UChar32 c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_ascii_digit(UChar32 c) {
  return c >= '0' && c <= '9';
}

std::unordered_map<UChar32, char> filled_table() {
  std::unordered_map<UChar32, char> table;
  for (const auto& [letter, read_as_it] : kLookalikes) {
    for (const char32_t c : read_as_it) {
      table.emplace(static_cast<UChar32>(c), letter);
    }
  }
  return table;
}

const std::unordered_map<UChar32, char>& lookalikes() {
  static const std::unordered_map<UChar32, char> table = filled_table();
  return table;
}

// The letter that a symbol stands for beside letters; zero for any other.
constexpr char16_t symbol_as_letter(UChar32 c) {
  switch (c) {
    case U'$': return u's';
    case U'@': return u'a';
    case U'!': return u'i';
    case U'+': return u't';
    default: return 0;
  }
}

// The letter that the character is named after: `LATIN LETTER SMALL CAPITAL A`, `NEGATIVE SQUARED
// LATIN CAPITAL LETTER A`, `LATIN SMALL LETTER B WITH HOOK`. Zero if there is none.
char16_t letter_by_name(UChar32 c) {
  constexpr std::int32_t kLongestName = 128;
  std::array<char, kLongestName> buffer{};
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t size =
      u_charName(c, U_UNICODE_CHAR_NAME, buffer.data(), kLongestName, &status);
  std::string_view name{buffer.data(), static_cast<std::size_t>(std::max(size, 0))};
  const bool is_latin = name.find("LATIN ") != std::string_view::npos ||
                        name.starts_with("REGIONAL INDICATOR SYMBOL LETTER ");
  if (U_FAILURE(status) != 0 || !is_latin) {
    return 0;
  }
  name = name.substr(0, name.find(" WITH "));
  const bool ends_in_letter =
      name.size() > 2 && name[name.size() - 2] == ' ' && is_ascii_letter(name.back());
  return ends_in_letter ? static_cast<char16_t>(name.back() - 'A' + 'a') : char16_t{0};
}

// A single ASCII letter, or zero.
char16_t only_letter(const icu::UnicodeString& text) {
  return text.length() == 1 && is_ascii_letter(text.charAt(0)) ? text.charAt(0) : char16_t{0};
}

char16_t worked_out_letter_for(UChar32 c) {
  if (const auto known = lookalikes().find(c); known != lookalikes().end()) {
    return static_cast<unsigned char>(known->second);
  }
  const icu::UnicodeString text{c};
  if (const char16_t folded = only_letter(unicode::nfkc_casefold(text)); folded != 0) {
    return folded;
  }
  if (const char16_t drawn = only_letter(unicode::skeleton(text)); drawn != 0) {
    // Capital I and small l have one skeleton; what is a capital is no small l.
    return drawn == u'l' && u_isupper(c) != 0 ? u'i' : drawn;
  }
  return letter_by_name(c);
}

// The ASCII letter that a character beyond ASCII is read as; zero if it is none.
char16_t letter_for(UChar32 c) {
  constexpr std::size_t kLatinCharacters = 0x250;
  static const std::array<char16_t, kLatinCharacters> latin = [] {
    std::array<char16_t, kLatinCharacters> letters{};
    for (std::size_t each = 0; each < kLatinCharacters; ++each) {
      letters.at(each) = worked_out_letter_for(static_cast<UChar32>(each));
    }
    return letters;
  }();
  const auto at = static_cast<std::size_t>(c);
  return at < kLatinCharacters ? latin.at(at) : worked_out_letter_for(c);
}

bool is_letter_at(const icu::UnicodeString& text, std::int32_t at) {
  return at >= 0 && at < text.length() && u_isalpha(text.char32At(at)) != 0;
}

bool is_ascii_word_at(const icu::UnicodeString& text, std::int32_t at) {
  return at >= 0 && at < text.length() &&
         (is_ascii_letter(text.charAt(at)) || is_ascii_digit(text.charAt(at)));
}

bool is_read_as_letter(UChar32 c) {
  return u_isalpha(c) != 0 || (c >= 0x80 && letter_for(c) != 0);
}

// The letter that the character at `at` is drawn as; zero if it is a letter as it is, or a symbol
// that stands alone.
char16_t drawn_letter_at(const icu::UnicodeString& text, std::int32_t at) {
  const UChar32 c = text.char32At(at);
  if (c < 0x80 || only_letter(unicode::without_marks(icu::UnicodeString{c})) != 0) {
    return 0;
  }
  const std::int32_t next = text.moveIndex32(at, 1);
  const bool is_beside_letter =
      (at > 0 && is_read_as_letter(text.char32At(text.moveIndex32(at, -1)))) ||
      (next < text.length() && is_read_as_letter(text.char32At(next)));
  return u_isalpha(c) != 0 || is_beside_letter ? letter_for(c) : char16_t{0};
}

icu::UnicodeString with_vv_as_w(const icu::UnicodeString& text) {
  icu::UnicodeString reading{text};
  reading.findAndReplace(u"vv", u"w");
  reading.findAndReplace(u"VV", u"W");
  return reading.findAndReplace(u"Vv", u"W");
}

icu::UnicodeString with_cl_as_d(const icu::UnicodeString& text) {
  icu::UnicodeString reading;
  std::int32_t at = 0;
  while (at < text.length()) {
    const bool is_cl = text.charAt(at) == u'c' && at + 1 < text.length() &&
                       text.charAt(at + 1) == u'l' && is_letter_at(text, at - 1);
    reading.append(is_cl ? u'd' : text.charAt(at));
    at += is_cl ? 2 : 1;
  }
  return reading;
}

char16_t digit_as_letter(char16_t digit) {
  constexpr std::u16string_view kLetters = u"oizeasgtbg";
  return kLetters.at(static_cast<std::size_t>(digit - u'0'));
}

// A one or a bar, which is read as i and as l.
bool is_stroke(char16_t c) {
  return c == u'1' || c == u'|';
}

bool is_digit_or_bar(char16_t c) {
  return is_ascii_digit(c) || c == u'|';
}

// The end of the word of letters, digits and bars that begins at `start`.
std::int32_t end_of_word(const icu::UnicodeString& text, std::int32_t start) {
  std::int32_t end = start;
  while (end < text.length() && (is_letter_at(text, end) || is_digit_or_bar(text.charAt(end)))) {
    ++end;
  }
  return end;
}

std::vector<std::int32_t> digits_between(const icu::UnicodeString& text,
                                         std::int32_t start,
                                         std::int32_t end) {
  std::vector<std::int32_t> digits;
  for (std::int32_t at = start; at < end; ++at) {
    if (is_digit_or_bar(text.charAt(at))) {
      digits.push_back(at);
    }
  }
  return digits;
}

// The positions of digits and bars in words that have a letter.
std::vector<std::int32_t> digits_in_words(const icu::UnicodeString& text) {
  std::vector<std::int32_t> all;
  std::int32_t start = 0;
  while (start < text.length()) {
    const std::int32_t end = end_of_word(text, start);
    const std::vector<std::int32_t> digits = digits_between(text, start, end);
    if (digits.size() < static_cast<std::size_t>(end - start)) {
      all.insert(all.end(), digits.begin(), digits.end());
    }
    start = end + 1;
  }
  return all;
}

icu::UnicodeString without_digits_at_ends(const icu::UnicodeString& text) {
  icu::UnicodeString reading;
  for (std::int32_t at = 0; at < text.length(); ++at) {
    std::int32_t before = at;
    std::int32_t after = at;
    while (before >= 0 && is_ascii_digit(text.charAt(before))) {
      --before;
    }
    while (after < text.length() && is_ascii_digit(text.charAt(after))) {
      ++after;
    }
    const bool is_inner = is_letter_at(text, before) && is_letter_at(text, after);
    if (!is_ascii_digit(text.charAt(at)) || is_inner) {
      reading.append(text.charAt(at));
    }
  }
  return reading;
}

void add(std::vector<icu::UnicodeString>& readings,
         const icu::UnicodeString& text,
         icu::UnicodeString reading) {
  if (reading != text && std::ranges::find(readings, reading) == readings.end()) {
    readings.push_back(std::move(reading));
  }
}

// What `has_ascii_lookalikes` looks at.
constexpr std::array<bool, 256> kMayBeLookalike = [] {
  std::array<bool, 256> characters{};
  for (UChar32 c = 0; c < 0x80; ++c) {
    characters.at(static_cast<std::size_t>(c)) = symbol_as_letter(c) != 0 || is_ascii_digit(c) ||
                                                 c == 'v' || c == 'V' || c == 'c' || c == '|' ||
                                                 c == 0;
  }
  return characters;
}();

bool is_lookalike_at(std::string_view text, std::size_t at) {
  const auto is_word = [&](std::size_t beside) {
    return beside < text.size() && (is_ascii_letter(text[beside]) || is_ascii_digit(text[beside]));
  };
  const char c = text[at];
  const char next = at + 1 < text.size() ? text[at + 1] : '\0';
  const bool is_pair = ((c == 'v' || c == 'V') && (next == 'v' || next == 'V')) ||
                       (c == 'c' && next == 'l' && at > 0);
  const bool is_symbol = symbol_as_letter(c) != 0 && (is_word(at - 1) || is_word(at + 1));
  // Nobody sees a NUL: what stands on both sides of it may be a pair.
  return is_pair || is_symbol || is_ascii_digit(c) || c == '|' || c == '\0';
}

}  // namespace

icu::UnicodeString with_lookalike_letters(const icu::UnicodeString& text) {
  icu::UnicodeString reading;
  for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    const UChar32 c = text.char32At(at);
    const char16_t symbol = symbol_as_letter(c);
    const bool is_beside_letter = is_ascii_word_at(text, at - 1) || is_ascii_word_at(text, at + 1);
    if (symbol != 0 && is_beside_letter) {
      reading.append(symbol);
      continue;
    }
    const char16_t letter = c < 0x80 ? char16_t{0} : letter_for(c);
    if (letter != 0) {
      reading.append(letter);
    } else {
      reading.append(c);
    }
  }
  return reading;
}

std::vector<icu::UnicodeString> digraph_readings(const icu::UnicodeString& text) {
  std::vector<icu::UnicodeString> readings;
  add(readings, text, with_vv_as_w(text));
  add(readings, text, with_cl_as_d(text));
  return readings;
}

std::vector<icu::UnicodeString> digit_readings(const icu::UnicodeString& text) {
  // Eight readings of up to three ones; more are read alike.
  constexpr std::size_t kMaximumOnes = 3;
  std::vector<icu::UnicodeString> readings;
  const std::vector<std::int32_t> digits = digits_in_words(text);
  if (digits.empty()) {
    return readings;
  }
  icu::UnicodeString letters{text};
  std::vector<std::int32_t> ones;
  for (const std::int32_t at : digits) {
    if (is_stroke(text.charAt(at))) {
      ones.push_back(at);
    } else {
      letters.setCharAt(at, digit_as_letter(text.charAt(at)));
    }
  }
  const std::size_t choices = std::size_t{1} << std::min(ones.size(), kMaximumOnes);
  for (std::size_t choice = 0; choice < choices; ++choice) {
    icu::UnicodeString reading{letters};
    for (std::size_t i = 0; i < ones.size(); ++i) {
      const bool is_l = ((choice >> std::min(i, kMaximumOnes - 1)) & 1U) != 0;
      reading.setCharAt(ones[i], is_l ? u'l' : u'i');
    }
    add(readings, text, std::move(reading));
  }
  add(readings, text, without_digits_at_ends(text));
  return readings;
}

std::string drawn_text(std::string_view text) {
  const icu::UnicodeString raw = unicode::from_utf8(text);
  icu::UnicodeString drawn;
  for (std::int32_t at = 0; at < raw.length(); at = raw.moveIndex32(at, 1)) {
    const UChar32 c = raw.char32At(at);
    if (unicode::is_blank_filler(c)) {
      drawn.append(u' ');
    } else if (const char16_t letter = drawn_letter_at(raw, at); letter != 0) {
      drawn.append(u_isupper(c) != 0 ? static_cast<char16_t>(u_toupper(letter)) : letter);
    } else {
      drawn.append(c);
    }
  }
  return unicode::to_utf8(drawn);
}

bool has_ascii_lookalikes(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (kMayBeLookalike[static_cast<unsigned char>(text[at])] && is_lookalike_at(text, at)) {
      return true;
    }
  }
  return false;
}

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/plain_name.h"

#include "policy/ascii.h"
#include "policy/name/ascii_forms.h"
#include "policy/name/name_forms.h"
#include "policy/name/unicode_text.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace policy {
namespace {

using Path = NameForm::Path;

bool is_variation_selector(UChar32 c) {
  return u_hasBinaryProperty(c, UCHAR_VARIATION_SELECTOR) != 0;
}

void finish_token(std::vector<std::string>& tokens, icu::UnicodeString& token, bool has_letter) {
  if (has_letter) {
    tokens.push_back(unicode::to_utf8(token));
  }
  token.remove();
}

bool hides_something(const icu::UnicodeString& text) {
  for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    const UChar32 c = text.char32At(at);
    if (unicode::is_blank_filler(c) || (unicode::is_invisible(c) && !is_variation_selector(c))) {
      return true;
    }
  }
  return false;
}

// What `plain_by_unicode` gives for ASCII, without ICU: this runs for every message.
PlainName plain_ascii(std::string_view text) {
  constexpr std::size_t kTypicalTokens = 4;
  PlainName plain{.form = {.path = Path::kFolded, .tokens = {}}};
  plain.form.tokens.reserve(kTypicalTokens);
  std::string token;
  bool has_letter = false;
  const auto finish = [&] {
    if (has_letter) {
      plain.form.tokens.push_back(token);
    }
    token.clear();
    has_letter = false;
  };
  for (const char original : text) {
    const char c = ascii_lower(original);
    const bool is_letter = c >= 'a' && c <= 'z';
    plain.form.letters += is_letter ? 1U : 0U;
    has_letter = has_letter || is_letter;
    if (is_letter || (c >= '0' && c <= '9')) {
      token += c;
    } else if (c != '\'' && c != '`') {
      finish();
    }
    plain.disguised = plain.disguised || c == '\0';
  }
  finish();
  return plain;
}

PlainName plain_by_unicode(std::string_view name) {
  const icu::UnicodeString raw = unicode::from_utf8(name);
  const icu::UnicodeString text =
      unicode::with_plain_latin(unicode::without_marks(unicode::fold_case_and_width(raw)));
  PlainName plain{.form = {.path = Path::kFolded, .tokens = {}}, .disguised = hides_something(raw)};
  icu::UnicodeString token;
  bool has_letter = false;
  unicode::for_each_code_point(text, [&](UChar32 c) {
    plain.form.letters += u_isalpha(c) != 0 ? 1U : 0U;
    plain.form.ideographs += unicode::is_ideograph_like(c) ? 1U : 0U;
    if (unicode::is_word_character(c)) {
      token.append(c);
      has_letter = has_letter || u_charType(c) != U_DECIMAL_DIGIT_NUMBER;
    } else if (!unicode::is_apostrophe(c)) {
      finish_token(plain.form.tokens, token, has_letter);
      has_letter = false;
    }
  });
  finish_token(plain.form.tokens, token, has_letter);
  return plain;
}

}  // namespace

PlainName plain_name(std::string_view name) {
  return is_ascii(name) ? plain_ascii(name) : plain_by_unicode(name);
}

std::string transcribed_name(std::string_view name) {
  if (is_ascii(name)) {
    return {};
  }
  const icu::UnicodeString text = unicode::from_utf8(name);
  const icu::UnicodeString transcribed = unicode::with_transcribed_letters(text);
  return transcribed == text ? std::string{} : unicode::to_utf8(transcribed);
}

std::vector<std::string> plain_tokens(std::string_view name) {
  PlainName plain = plain_name(name);
  return std::move(plain.form.tokens);
}

}  // namespace policy

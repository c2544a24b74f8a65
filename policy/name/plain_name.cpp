// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/plain_name.h"

#include "policy/name/name_forms.h"
#include "policy/name/unicode_text.h"

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

}  // namespace

PlainName plain_name(std::string_view name) {
  const icu::UnicodeString raw = unicode::from_utf8(name);
  const icu::UnicodeString text =
      unicode::with_plain_latin(unicode::without_marks(unicode::fold_case_and_width(raw)));
  PlainName plain{.form = {.path = Path::kFolded, .tokens = {}}, .disguised = hides_something(raw)};
  icu::UnicodeString token;
  bool has_letter = false;
  for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) {
    const UChar32 c = text.char32At(at);
    plain.form.letters += u_isalpha(c) != 0 ? 1U : 0U;
    plain.form.ideographs += unicode::is_ideograph_like(c) ? 1U : 0U;
    if (unicode::is_word_character(c)) {
      token.append(c);
      has_letter = has_letter || u_charType(c) != U_DECIMAL_DIGIT_NUMBER;
    } else if (!unicode::is_apostrophe(c)) {
      finish_token(plain.form.tokens, token, has_letter);
      has_letter = false;
    }
  }
  finish_token(plain.form.tokens, token, has_letter);
  return plain;
}

std::vector<std::string> plain_tokens(std::string_view name) {
  PlainName plain = plain_name(name);
  return std::move(plain.form.tokens);
}

}  // namespace policy

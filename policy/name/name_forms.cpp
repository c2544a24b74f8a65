// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/name_forms.h"

#include "policy/name/ascii_forms.h"
#include "policy/name/lookalike_letters.h"
#include "policy/name/unicode_text.h"
#include "policy/name/visible_variants.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace policy {
namespace {

using Path = NameForm::Path;

// The end of every path. Folding between two skeletons, because a skeleton keeps case; dropping
// marks after them, because the skeleton of a letter with a stroke is the letter and a mark.
icu::UnicodeString final_skeleton(const icu::UnicodeString& text) {
  const icu::UnicodeString folded = unicode::nfkc_casefold(unicode::skeleton(text));
  return unicode::without_marks(unicode::skeleton(folded));
}

std::vector<std::string> tokens_of(const icu::UnicodeString& text) {
  std::vector<std::string> tokens;
  icu::UnicodeString token;
  const auto finish = [&] {
    if (!token.isEmpty()) {
      tokens.push_back(unicode::to_utf8(token));
      token.remove();
    }
  };
  unicode::for_each_code_point(text, [&](UChar32 c) {
    if (unicode::is_word_character(c)) {
      token.append(c);
    } else if (c != U'\'') {  // every apostrophe has this skeleton
      finish();
    }
  });
  finish();
  return tokens;
}

FormPart part_of(const icu::UnicodeString& text) {
  FormPart part{.tokens = tokens_of(final_skeleton(text))};
  unicode::for_each_code_point(text, [&](UChar32 c) {
    part.letters += u_isalpha(c) != 0 ? 1U : 0U;
    part.ideographs += unicode::is_ideograph_like(c) ? 1U : 0U;
  });
  return part;
}

// Makes the forms of one name. Those of a long text differ in a few words each, and no step of
// `final_skeleton` joins what a space keeps apart: so each word is worked out once.
class FormMaker {
 public:
  explicit FormMaker(KnownWords& known) : known_(known) {}

  NameForm make(Path path, const icu::UnicodeString& text) {
    NameForm form{.path = path, .tokens = {}};
    // Of an ordinary name nothing is gained by it.
    constexpr std::int32_t kMostOrdinaryUnits = 32;
    if (text.length() <= kMostOrdinaryUnits) {
      FormPart whole = part_of(text);
      form.tokens = std::move(whole.tokens);
      form.letters = whole.letters;
      form.ideographs = whole.ideographs;
      return form;
    }
    const std::u16string_view units{text.getBuffer(), static_cast<std::size_t>(text.length())};
    for (std::size_t start = 0; start < units.size();) {
      const std::size_t end = std::min(units.find(u' ', start), units.size());
      if (end > start) {
        add_word(form, units.substr(start, end - start));
      }
      start = end + 1;
    }
    return form;
  }

 private:
  void add_word(NameForm& form, std::u16string_view word) {
    const auto known = known_.find(word);
    if (known != known_.end()) {
      add(form, known->second);
      return;
    }
    FormPart part = part_of({word.data(), static_cast<std::int32_t>(word.size())});
    add(form, part);
    // No message has so many that is not built to be dear; the forms of one text still share them.
    constexpr std::size_t kMostKnown = 8192;
    if (known_.size() == kMostKnown) {
      known_.clear();
    }
    known_.emplace(word, std::move(part));
  }

  static void add(NameForm& form, const FormPart& part) {
    form.tokens.insert(form.tokens.end(), part.tokens.begin(), part.tokens.end());
    form.letters += part.letters;
    form.ideographs += part.ideographs;
  }

  KnownWords& known_;
};

// The ways in which a text is read beyond UTS #39, folded; the text itself is not among them.
std::vector<icu::UnicodeString> lookalike_readings(const icu::UnicodeString& text) {
  std::vector<icu::UnicodeString> readings;
  const icu::UnicodeString letters = with_lookalike_letters(text);
  if (letters != text) {
    readings.push_back(folded_without_marks(letters));
  }
  if (const icu::UnicodeString simplified = unicode::in_simplified_chinese(text);
      simplified != text) {
    readings.push_back(folded_without_marks(simplified));
  }
  for (const icu::UnicodeString& reading : digraph_readings(letters)) {
    readings.push_back(folded_without_marks(reading));
  }
  return readings;
}

}  // namespace

std::vector<NameForm> name_forms_by_unicode(std::string_view name, KnownWords& known) {
  std::vector<NameForm> forms;
  FormMaker maker{known};
  const std::vector<icu::UnicodeString> variants = visible_variants(name);
  std::vector<icu::UnicodeString> folded;
  for (const icu::UnicodeString& variant : variants) {
    folded.push_back(folded_without_marks(variant));
    add_form(forms, maker.make(Path::kUnfolded, unicode::without_marks(variant)));
    add_form(forms, maker.make(Path::kFolded, folded.back()));
  }
  for (std::size_t i = 0; i < variants.size(); ++i) {
    // What folds to ASCII is in Latin letters already; transliterating is the dearest step of all.
    if (!is_ascii(unicode::to_utf8(folded[i]))) {
      add_form(forms, maker.make(Path::kLatin, unicode::in_latin(variants[i])));
    }
  }
  for (const icu::UnicodeString& variant : variants) {
    for (icu::UnicodeString& reading : lookalike_readings(variant)) {
      add_form(forms, maker.make(Path::kLookalike, reading));
      folded.push_back(std::move(reading));
    }
  }
  for (const icu::UnicodeString& text : folded) {
    for (const icu::UnicodeString& reading : digit_readings(text)) {
      add_form(forms, maker.make(Path::kDigits, reading));
    }
  }
  return forms;
}

std::vector<NameForm> name_forms_by_unicode(std::string_view name) {
  KnownWords known;
  return name_forms_by_unicode(name, known);
}

std::vector<NameForm> name_forms(std::string_view name, KnownWords& known) {
  return is_plainly_ascii(name) ? ascii_name_forms(name) : name_forms_by_unicode(name, known);
}

std::vector<NameForm> name_forms(std::string_view name) {
  KnownWords known;
  return name_forms(name, known);
}

bool is_plainly_ascii(std::string_view text) {
  return is_ascii(text) && !has_ascii_lookalikes(text);
}

std::vector<std::string> folded_tokens(std::string_view text) {
  if (is_ascii(text)) {
    return ascii_folded_tokens(text);
  }
  return tokens_of(final_skeleton(folded_without_marks(first_visible_variant(text))));
}

void add_form(std::vector<NameForm>& forms, NameForm form) {
  if (form.tokens.empty()) {
    return;
  }
  const auto same = std::ranges::find(forms, form.tokens, &NameForm::tokens);
  if (same == forms.end()) {
    forms.push_back(std::move(form));
    return;
  }
  same->letters = std::max(same->letters, form.letters);
  same->ideographs = std::max(same->ideographs, form.ideographs);
}

bool may_squash(const NameForm& form) {
  constexpr std::size_t kLetters = 6;
  constexpr std::size_t kIdeographs = 2;
  return form.letters >= kLetters || form.ideographs >= kIdeographs;
}

std::string squashed(const std::vector<std::string>& tokens) {
  std::string joined;
  for (const std::string& token : tokens) {
    joined += token;
  }
  return joined;
}

std::string sorted_and_joined(std::span<const std::string> tokens) {
  std::vector<std::string_view> sorted{tokens.begin(), tokens.end()};
  return sorted_and_joined(std::move(sorted));
}

std::string sorted_and_joined(std::vector<std::string_view> tokens) {
  std::ranges::sort(tokens);
  std::size_t octets = 0;
  for (const std::string_view token : tokens) {
    octets += token.size() + 1;
  }
  std::string joined;
  joined.reserve(octets);
  for (const std::string_view token : tokens) {
    if (!joined.empty()) {
      joined += ' ';
    }
    joined += token;
  }
  return joined;
}

}  // namespace policy

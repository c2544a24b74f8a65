// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/unicode_text.h"

#include "policy/guarded.h"
#include "policy/name/character_map.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/utypes.h>

namespace policy::unicode {
namespace {

// ICU's data is part of the library; without it there is no product to run.
void require(UErrorCode status, const char* what) {
  if (U_FAILURE(status) != 0) {
    throw std::runtime_error{std::string{"ICU cannot provide "} + what + ": " +
                             u_errorName(status)};
  }
}

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&), const char* what) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* instance = get(status);
  require(status, what);
  return *instance;
}

icu::UnicodeString normalized(const icu::Normalizer2& form, const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString result = form.normalize(text, status);
  return U_FAILURE(status) != 0 ? text : result;
}

const USpoofChecker* spoof_checker() {
  static const USpoofChecker* const instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    const USpoofChecker* checker = uspoof_open(&status);
    require(status, "confusables");
    return checker;
  }();
  return instance;
}

// ICU's transliterators are not thread-safe. Making one from its rules takes tens of milliseconds,
// a copy of it little; copies not in use are kept.
class TransliteratorPool {
 public:
  explicit TransliteratorPool(const char* id) {
    UErrorCode status = U_ZERO_ERROR;
    prototype_.reset(icu::Transliterator::createInstance(id, UTRANS_FORWARD, status));
    require(status, id);
  }

  icu::UnicodeString apply(const icu::UnicodeString& text) {
    Instance instance = take();
    icu::UnicodeString result{text};
    instance->transliterate(result);
    idle_.with([&](std::vector<Instance>& idle) { idle.push_back(std::move(instance)); });
    return result;
  }

 private:
  using Instance = std::unique_ptr<icu::Transliterator>;

  Instance take() {
    Instance kept = idle_.with([](std::vector<Instance>& idle) {
      Instance last;
      if (!idle.empty()) {
        last = std::move(idle.back());
        idle.pop_back();
      }
      return last;
    });
    return kept != nullptr ? std::move(kept) : Instance{prototype_->clone()};
  }

  std::unique_ptr<const icu::Transliterator> prototype_;  // constant after construction
  policy::Guarded<std::vector<Instance>> idle_{{}};       // guarded
};

bool is_droppable_mark(UChar32 c) {
  const auto category = u_charType(c);
  if (category != U_NON_SPACING_MARK && category != U_ENCLOSING_MARK) {
    return false;
  }
  constexpr UChar32 kVoicedKanaMark = 0x3099;
  constexpr UChar32 kSemiVoicedKanaMark = 0x309A;
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_INHERITED: return c != kVoicedKanaMark && c != kSemiVoicedKanaMark;
    case USCRIPT_COMMON:
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_HEBREW:
    case USCRIPT_ARABIC:
    case USCRIPT_SYRIAC: return true;
    default: return false;
  }
}

icu::UnicodeString nfkc_casefold_of_any(const icu::UnicodeString& text) {
  static const icu::Normalizer2& form =
      normalizer(icu::Normalizer2::getNFKCCasefoldInstance, "NFKC_Casefold");
  return normalized(form, text);
}

icu::UnicodeString fold_case_and_width_of_any(const icu::UnicodeString& text) {
  static const icu::Normalizer2& nfkc = normalizer(icu::Normalizer2::getNFKCInstance, "NFKC");
  icu::UnicodeString folded;
  for_each_code_point(text, [&](UChar32 c) {
    const int type = u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE);
    if (type == U_DT_WIDE || type == U_DT_NARROW) {
      folded.append(normalized(nfkc, icu::UnicodeString{c}));
    } else {
      folded.append(c);
    }
  });
  return folded.foldCase();
}

icu::UnicodeString without_marks_of_any(const icu::UnicodeString& text) {
  static const icu::Normalizer2& nfd = normalizer(icu::Normalizer2::getNFDInstance, "NFD");
  static const icu::Normalizer2& nfc = normalizer(icu::Normalizer2::getNFCInstance, "NFC");
  icu::UnicodeString kept;
  for_each_code_point(normalized(nfd, text), [&](UChar32 c) {
    if (!is_droppable_mark(c)) {
      kept.append(c);
    }
  });
  return normalized(nfc, kept);
}

icu::UnicodeString skeleton_of_any(const icu::UnicodeString& text) {
  icu::UnicodeString result;
  UErrorCode status = U_ZERO_ERROR;
  uspoof_getSkeletonUnicodeString(spoof_checker(), 0, text, result, &status);
  return U_FAILURE(status) != 0 ? text : result;
}

// Names in Latin letters are what most gateways see.
icu::UnicodeString mapped(const CharacterMap& map,
                          CharacterMap::Mapping of_any,
                          const icu::UnicodeString& text) {
  std::optional<icu::UnicodeString> result = map.map(text);
  return result.has_value() ? *std::move(result) : of_any(text);
}

bool has_any_from(const icu::UnicodeString& text, char16_t first) {
  return std::ranges::any_of(std::span{text.getBuffer(), static_cast<std::size_t>(text.length())},
                             [first](char16_t unit) { return unit >= first; });
}

}  // namespace

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece{text.data(), static_cast<std::int32_t>(text.size())});
}

std::string to_utf8(const icu::UnicodeString& text) {
  constexpr char16_t kFirstBeyondAscii = 0x80;
  std::string octets;
  if (has_any_from(text, kFirstBeyondAscii)) {
    text.toUTF8String(octets);
    return octets;
  }
  octets.reserve(static_cast<std::size_t>(text.length()));
  for_each_code_point(text, [&](UChar32 c) { octets += static_cast<char>(c); });
  return octets;
}

icu::UnicodeString nfkc_casefold(const icu::UnicodeString& text) {
  static const CharacterMap map{nfkc_casefold_of_any};
  return mapped(map, nfkc_casefold_of_any, text);
}

icu::UnicodeString fold_case_and_width(const icu::UnicodeString& text) {
  static const CharacterMap map{fold_case_and_width_of_any};
  return mapped(map, fold_case_and_width_of_any, text);
}

icu::UnicodeString without_marks(const icu::UnicodeString& text) {
  static const CharacterMap map{without_marks_of_any};
  return mapped(map, without_marks_of_any, text);
}

icu::UnicodeString skeleton(const icu::UnicodeString& text) {
  static const CharacterMap map{skeleton_of_any};
  return mapped(map, skeleton_of_any, text);
}

icu::UnicodeString in_latin(const icu::UnicodeString& text) {
  static TransliteratorPool from_any{"Any-Latin; Latin-ASCII; Lower"};
  static TransliteratorPool from_latin{"Latin-ASCII; Lower"};
  bool is_latin = true;
  for_each_code_point(text, [&](UChar32 c) {
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(c, &status);
    is_latin = is_latin &&
               (script == USCRIPT_LATIN || script == USCRIPT_COMMON || script == USCRIPT_INHERITED);
  });
  return (is_latin ? from_latin : from_any).apply(text);
}

icu::UnicodeString with_plain_latin(const icu::UnicodeString& text) {
  constexpr char16_t kFirst = 0xC0;
  static TransliteratorPool pool{"[\\u00C0-\\u017F] Latin-ASCII"};
  return has_any_from(text, kFirst) ? pool.apply(text) : text;
}

icu::UnicodeString in_simplified_chinese(const icu::UnicodeString& text) {
  constexpr char16_t kFirst = 0x2E80;  // of the radicals
  static TransliteratorPool pool{"Hant-Hans"};
  if (!has_any_from(text, kFirst)) {
    return text;
  }
  bool has_han = false;
  for_each_code_point(text, [&](UChar32 c) {
    UErrorCode status = U_ZERO_ERROR;
    has_han = has_han || uscript_getScript(c, &status) == USCRIPT_HAN;
  });
  return has_han ? pool.apply(text) : text;
}

icu::UnicodeString with_transcribed_letters(const icu::UnicodeString& text) {
  static const icu::Normalizer2& nfc = normalizer(icu::Normalizer2::getNFCInstance, "NFC");
  icu::UnicodeString folded = normalized(nfc, text);
  folded.foldCase();
  icu::UnicodeString transcribed;
  for_each_code_point(folded, [&](UChar32 c) {
    switch (c) {
      case U'\u00E4': transcribed.append(u"ae", 2); break;
      case U'\u00F6':
      case U'\u00F8': transcribed.append(u"oe", 2); break;
      case U'\u00FC': transcribed.append(u"ue", 2); break;
      case U'\u00E5': transcribed.append(u"aa", 2); break;
      default: transcribed.append(c);
    }
  });
  return transcribed == folded ? text : transcribed;
}

bool is_word_character(UChar32 c) {
  if (c < 0x80) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
  constexpr std::uint32_t kWord = U_GC_L_MASK | U_GC_ND_MASK | U_GC_MN_MASK | U_GC_MC_MASK;
  return (U_GET_GC_MASK(c) & kWord) != 0;
}

bool is_invisible(UChar32 c) {
  if (c < 0x80) {
    return c == 0;
  }
  return c == 0 || u_charType(c) == U_FORMAT_CHAR ||
         (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0 && !is_blank_filler(c));
}

bool is_blank_filler(UChar32 c) {
  switch (c) {
    case 0x3164:  // Hangul filler
    case 0x115F:  // Hangul choseong filler
    case 0x1160:  // Hangul jungseong filler
    case 0xFFA0:  // half-width Hangul filler
    case 0x2800:  // Braille pattern blank
    case 0x180E:  // Mongolian vowel separator
      return true;
    default: return false;
  }
}

bool is_apostrophe(UChar32 c) {
  if (c < 0x80) {
    return c == U'\'' || c == U'`';
  }
  return skeleton(icu::UnicodeString{c}) == icu::UnicodeString{u'\''};
}

bool is_ideograph_like(UChar32 c) {
  constexpr UChar32 kFirst = 0x1100;  // of Hangul
  if (c < kFirst) {
    return false;
  }
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HANGUL:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA: return true;
    default: return false;
  }
}

}  // namespace policy::unicode

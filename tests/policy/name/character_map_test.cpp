// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/character_map.h"

#include "policy/name/unicode_text.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>

#include <unicode/unistr.h>

namespace policy::unicode {
namespace {

constexpr UChar32 kBeyondTheMap = 0x4E2D;
constexpr std::uint32_t kMapped = 0x250;

// A text goes to ICU as a whole if one of its characters is beyond the map.
void expect_what_icu_gives(CharacterMap::Mapping function, const icu::UnicodeString& text) {
  const icu::UnicodeString beyond{kBeyondTheMap};
  EXPECT_EQ(to_utf8(function(text) + function(beyond)), to_utf8(function(text + beyond)))
      << to_utf8(text);
}

TEST(CharacterMap, GivesWhatIcuGivesForTheWholeText) {
  constexpr std::array<CharacterMap::Mapping, 4> kMappings{
      nfkc_casefold, fold_case_and_width, without_marks, skeleton};
  std::mt19937 random{20261123};  // NOLINT(cert-msc51-cpp): a failure must come again
  for (const CharacterMap::Mapping function : kMappings) {
    for (std::uint32_t c = 0; c < kMapped; ++c) {
      expect_what_icu_gives(function, icu::UnicodeString{static_cast<UChar32>(c)});
    }
    for (int i = 0; i < 20'000; ++i) {
      icu::UnicodeString text;
      for (auto length = random() % 12; length > 0; --length) {
        text.append(static_cast<UChar32>(random() % kMapped));
      }
      expect_what_icu_gives(function, text);
    }
  }
}

TEST(CharacterMap, LeavesTextsItDoesNotKnowToTheWholeWay) {
  const CharacterMap map{without_marks};
  EXPECT_FALSE(map.map(icu::UnicodeString{kBeyondTheMap}).has_value());
  EXPECT_FALSE(map.map(icu::UnicodeString::fromUTF8("e\u0301")).has_value());
  EXPECT_FALSE(map.map(icu::UnicodeString::fromUTF8(std::string(100'000, 'a'))).has_value());
  EXPECT_TRUE(map.map(icu::UnicodeString{}).has_value());
}

}  // namespace
}  // namespace policy::unicode

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/lookalike_letters.h"

#include "policy/name/match.h"
#include "policy/name/name_match.h"

#include <gtest/gtest.h>

#include <string_view>

namespace policy {
namespace {

bool looks_like(std::string_view shown, std::string_view name) {
  return compare_names(shown, name) == Match::kLookalike;
}

TEST(LookalikeLetters, AreReadAsWhatTheyAreDrawnLike) {
  EXPECT_TRUE(looks_like("Јоhп Ѕмітн", "John Smith"));
  EXPECT_TRUE(looks_like("ΜΑΡΙΑ ΚΕΙΤ", "Mapia Keit"));
  EXPECT_TRUE(looks_like("Tom Halӏ", "Tom Hall"));
  EXPECT_TRUE(looks_like("J∩li○ Sant○s", "Jnlio Santos"));
}

TEST(LookalikeLetters, AreReadAsWhatTheyAreNamedAfter) {
  EXPECT_TRUE(looks_like("🅙🅞🅗🅝 🅢🅜🅘🅣🅗", "John Smith"));
  EXPECT_TRUE(looks_like("🄹🄾🄷🄽 🅂🄼🄸🅃🄷", "John Smith"));
  EXPECT_TRUE(looks_like("🇯 🇴 🇭 🇳 🇸 🇲 🇮 🇹 🇭", "John Smith"));
  EXPECT_TRUE(looks_like("ᴊᴏʜɴ sᴍɪᴛʜ", "John Smith"));
  EXPECT_TRUE(looks_like("Jɐne Smiʇh", "Jane Smith"));
}

TEST(LookalikeLetters, PairsAreReadAsOne) {
  EXPECT_TRUE(looks_like("Ovven VVatson", "Owen Watson"));
  EXPECT_TRUE(looks_like("Anclrew Howarcl", "Andrew Howard"));
  EXPECT_FALSE(looks_like("Clara Smith", "Dara Smith"));
}

TEST(LookalikeLetters, DigitsAndBarsStandForLetters) {
  EXPECT_TRUE(looks_like("M1chae1 W1ll1s", "Michael Willis"));
  EXPECT_TRUE(looks_like("Cather|ne Mi|es", "Catherine Miles"));
  EXPECT_TRUE(looks_like("John Smith2", "John Smith"));
  EXPECT_TRUE(looks_like("J0hn $m!th", "John Smith"));
  EXPECT_FALSE(looks_like("John Smith", "John Smit"));
}

TEST(LookalikeLetters, SymbolsThatFoldToLettersAreNone) {
  EXPECT_EQ(compare_names("John Smith™", "John Smith"), Match::kExact);
  EXPECT_EQ(compare_names("John%Smith", "John Smith"), Match::kExact);
}

TEST(LookalikeLetters, OnlySuspiciousAsciiTakesTheSlowPath) {
  EXPECT_FALSE(has_ascii_lookalikes("Ada Lovelace"));
  EXPECT_FALSE(has_ascii_lookalikes("Clara O'Neil-Smith (IT) - ext."));
  EXPECT_TRUE(has_ascii_lookalikes("Savvy"));
  EXPECT_TRUE(has_ascii_lookalikes("Declan"));
  EXPECT_TRUE(has_ascii_lookalikes("R2D2"));
  EXPECT_TRUE(has_ascii_lookalikes("a@b"));
  EXPECT_FALSE(has_ascii_lookalikes("a @ b"));
}

}  // namespace
}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/plain_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace policy {
namespace {

using Tokens = std::vector<std::string>;

TEST(PlainName, TakesOffWhatPeopleVaryInGoodFaith) {
  EXPECT_EQ(plain_tokens("  José  O’Brien-ŁUKASZ "), (Tokens{"jose", "obrien", "lukasz"}));
  EXPECT_EQ(plain_tokens("Алёна Ивано\u0301ва"), (Tokens{"алена", "иванова"}));
  EXPECT_EQ(plain_tokens("Ada 42 Lovelace3"), (Tokens{"ada", "lovelace3"}));
  EXPECT_TRUE(plain_tokens("42 - ,").empty());
}

// A skeleton would make one name of two: "rn" and "m".
TEST(PlainName, KeepsLookalikesApart) {
  EXPECT_NE(plain_tokens("Bernard"), plain_tokens("Bemard"));
  EXPECT_NE(plain_tokens("Аda"), plain_tokens("Ada"));  // Cyrillic
}

TEST(PlainName, TellsWhatIsHidden) {
  EXPECT_FALSE(plain_name("Ada Lovelace").disguised);
  EXPECT_TRUE(plain_name("Ada\u200B Lovelace").disguised);
  EXPECT_EQ(plain_name("Ada Lovelace").form.letters, 11U);
}

}  // namespace
}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/name_match.h"

#include "policy/name/match.h"

#include <gtest/gtest.h>

#include <optional>
#include <string_view>

namespace policy {
namespace {

struct Case {
  std::string_view shown;
  std::string_view protected_name;
};

TEST(CompareNames, ExactIsWhatPeopleWriteInGoodFaith) {
  for (const auto& [shown, protected_name] : {
           Case{"John Smith", "John Smith"},
           Case{"JOHN SMITH", "John Smith"},
           Case{"John.Smith", "John Smith"},
           Case{"John-Smith", "John Smith"},
           Case{"JohnSmith", "John Smith"},
           Case{"J o h n  S m i t h", "John Smith"},
           Case{"Ｊｏｈｎ Ｓｍｉｔｈ", "John Smith"},
           Case{"Jurgen Gross", "Jürgen Groß"},
           Case{"JÜRGEN GROSS", "Jürgen Groß"},
           Case{"Lukasz Zolty", "Łukasz Żółty"},
           Case{"Sam DSouza", "Sam D'Souza"},
           Case{"Sam D’Souza", "Sam D'Souza"},
           Case{"王 小明", "王小明"},
           Case{"علی‌رضا محمدی", "علی‌رضا محمدی"},
       }) {
    EXPECT_EQ(compare_names(shown, protected_name), Match::kExact) << shown;
  }
}

TEST(CompareNames, ReorderedIsTheSameTokensInAnotherOrder) {
  EXPECT_EQ(compare_names("Smith, John", "John Smith"), Match::kReordered);
  EXPECT_EQ(compare_names("John Smith", "Smith, John"), Match::kReordered);
  EXPECT_EQ(compare_names("SMITH John Adam", "John Adam Smith"), Match::kReordered);
}

TEST(CompareNames, LookalikeNeedsADisguise) {
  for (const auto& [shown, protected_name] : {
           Case{"Јоhn Ѕmith", "John Smith"},                    // Cyrillic letters
           Case{"Οlivia Ηartwell", "Olivia Hartwell"},          // Greek capitals
           Case{"0livia Hartwe11", "Olivia Hartwell"},          // digits
           Case{"J0hn Sm1th", "John Smith"},                    // digits
           Case{"WiIIiam Gates", "William Gates"},              // capital i
           Case{"Tom Srnith", "Tom Smith"},                     // rn for m
           Case{"Jo\u200Bhn Smith", "John Smith"},              // zero width space
           Case{"Jo\u034Fhn Smith", "John Smith"},              // combining grapheme joiner
           Case{"Jo\u00ADhn Smith", "John Smith"},              // soft hyphen
           Case{"John\u3164Smith", "John Smith"},               // Hangul filler as a space
           Case{"Jo\u3164hn Smith", "John Smith"},              // Hangul filler as nothing
           Case{"John\u2800Smith", "John Smith"},               // Braille blank
           Case{"\u202EhtimS nhoJ", "John Smith"},              // right-to-left override
           Case{"John \u202EhtimS\u202C", "John Smith"},        // the same in part
           Case{"\u2067\u200FJohn Smith\u2069", "John Smith"},  // isolates
           Case{"𝐉𝐨𝐡𝐧 𝐒𝐦𝐢𝐭𝐡", "John Smith"},                    // mathematical letters
           Case{"ᴊᴏʜɴ ꜱᴍɪᴛʜ", "John Smith"},                    // small capitals
           Case{"Ivan Petrov", "Иван Петров"},                  // transliterated
           Case{"Wang Xiaoming", "王小明"},                     // transliterated and joined
       }) {
    EXPECT_EQ(compare_names(shown, protected_name), Match::kLookalike) << shown;
  }
  EXPECT_EQ(compare_names("J̶o̶h̶n̶ Smith", "John Smith"), Match::kExact);
}

TEST(CompareNames, OtherPeopleAreLeftAlone) {
  for (const auto& [shown, protected_name] : {
           Case{"Joan Smith", "John Smith"},
           Case{"John Schmidt", "John Smith"},
           Case{"John Smyth", "John Smith"},
           Case{"Jon Smith", "John Smith"},
           Case{"John Smithson", "John Smith"},
           Case{"Johnny Smithers", "John Smith"},
           Case{"Johnson Smith", "John Smith"},
           Case{"J. Smith", "John Smith"},
           Case{"John S.", "John Smith"},
           Case{"Smith", "John Smith"},
           Case{"John", "John Smith"},
           Case{"Lu Wu", "Li Wu"},
           Case{"LiWu", "Li Wu"},  // too short to be compared without spaces
           Case{"The John Smith Foundation", "John Smith"},
           Case{"John Smith & Sons Ltd", "John Smith"},
           Case{"Roberta Kowalczyk", "Robert Kowalczyk"},
           Case{"王小红", "王小明"},
           Case{"王晓明", "王小明"},  // sounds alike, is another name
           Case{"はし たけ", "ばし だけ"},
           Case{"", "John Smith"},
           Case{"12345", "John Smith"},
       }) {
    EXPECT_EQ(compare_names(shown, protected_name), std::nullopt) << shown;
  }
}

TEST(SingleWord, IsOneWordOfAnAlphabet) {
  EXPECT_TRUE(is_single_word("Admin"));
  EXPECT_TRUE(is_single_word("D'Souza"));
  EXPECT_TRUE(is_single_word("Admin 42"));
  EXPECT_FALSE(is_single_word("Ada Lovelace"));
  EXPECT_FALSE(is_single_word("王小明"));
}

}  // namespace
}  // namespace policy

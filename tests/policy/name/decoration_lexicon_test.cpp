// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/decoration_lexicon.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

using Kind = DecorationLexicon::Kind;

std::vector<std::string> tokens(std::initializer_list<std::string_view> words) {
  std::vector<std::string> result;
  for (const std::string_view word : words) {
    result.push_back(lexicon_token(word));
  }
  return result;
}

TEST(DecorationLexicon, FindsTheLongestEntry) {
  const auto lexicon = DecorationLexicon::parse(
      "# comment\n[decorations]\nvice\nVice President # both\n\n"
      "[legal forms]\nGmbH\n[name ends before]\non behalf of\n");
  ASSERT_TRUE(lexicon.has_value());
  EXPECT_EQ(lexicon->match_length(Kind::kDecoration, tokens({"VICE", "president", "Ada"})), 2U);
  EXPECT_EQ(lexicon->match_length(Kind::kDecoration, tokens({"Vice", "Ada"})), 1U);
  EXPECT_EQ(lexicon->match_length(Kind::kDecoration, tokens({"President"})), 0U);
  EXPECT_EQ(lexicon->match_length(Kind::kLegalForm, tokens({"gmbh"})), 1U);
  EXPECT_EQ(lexicon->match_length(Kind::kEndsName, tokens({"on", "behalf"})), 0U);
  EXPECT_EQ(lexicon->match_length(Kind::kDecoration, {}), 0U);
}

TEST(DecorationLexicon, ABadLineIsNamed) {
  EXPECT_EQ(DecorationLexicon::parse("ceo\n").error().message,
            "line 1: an entry before the first section; start with [decorations]");
  EXPECT_TRUE(DecorationLexicon::parse("[decorations]\n\n[title]\n")
                  .error()
                  .message.starts_with("line 3: unknown section"));
  EXPECT_TRUE(
      DecorationLexicon::parse("[decorations]\n42\n").error().message.starts_with("line 2:"));
  EXPECT_TRUE(DecorationLexicon::parse("[decorations]\na b c d e f g h i\n")
                  .error()
                  .message.starts_with("line 2:"));
}

TEST(DecorationLexicon, TheBuiltInOneIsValid) {
  EXPECT_EQ(DecorationLexicon::built_in().match_length(Kind::kDecoration, tokens({"CEO"})), 1U);
}

}  // namespace
}  // namespace policy

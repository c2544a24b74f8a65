// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/problems.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

using Severity = Problem::Severity;

TEST(FormatProblem, LeavesOutWhatThePlaceLacks) {
  EXPECT_EQ(format_problem({Severity::kError, {"a.yaml", 3, 7}, "x; y"}), "a.yaml:3:7: x; y");
  EXPECT_EQ(format_problem({Severity::kWarning, {"a.yaml", 3, 0}, "x"}), "a.yaml:3: warning: x");
  EXPECT_EQ(format_problem({Severity::kError, {"a.yaml", 0, 0}, "x"}), "a.yaml: x");
  EXPECT_EQ(format_problem({Severity::kError, {"", 0, 0}, "x"}), "x");
}

TEST(FormatProblem, CannotBreakTheLineOrTheTerminal) {
  EXPECT_EQ(format_problem({Severity::kError, {"a\nb", 1, 1}, "\x1b[31m \xFF"}),
            "a\\u{A}b:1:1: \\u{1B}[31m \\xFF");
}

TEST(Problems, AreToldInOrderWithErrorsFirst) {
  Problems problems;
  problems.warning({"a", 1, 1}, "careful");
  EXPECT_FALSE(problems.has_errors());
  problems.error({"a", 10, 1}, "third");
  problems.error({"a", 2, 9}, "second");
  problems.error({"a", 2, 1}, "first");
  EXPECT_TRUE(problems.has_errors());
  EXPECT_EQ(problems.text(),
            "a:2:1: first\na:2:9: second\na:10:1: third\na:1:1: warning: careful\n");
}

TEST(Problems, TakeOverThoseOfAnother) {
  Problems problems;
  Problems others;
  others.error({"a", 1, 1}, "x");
  problems.append(others);
  EXPECT_EQ(problems.text(), "a:1:1: x\n");
}

TEST(QuotedExcerpt, CutsBetweenCharacters) {
  EXPECT_EQ(quoted_excerpt("a\n"), "'a\\u{A}'");
  EXPECT_EQ(quoted_excerpt(std::string(80, 'x')), "'" + std::string(80, 'x') + "'");
  EXPECT_EQ(quoted_excerpt(std::string(79, 'x') + "éé"), "'" + std::string(79, 'x') + "...'");
}

TEST(NearestWord, FindsWhatWasMeant) {
  const std::vector<std::string_view> words{"quarantine", "reject", "tag", "tempfail", "reply_to"};
  EXPECT_EQ(nearest_word("quarantne", words), "quarantine");
  EXPECT_EQ(nearest_word("qaurantine", words), "quarantine");
  EXPECT_EQ(nearest_word("Reject", words), "reject");
  EXPECT_EQ(nearest_word("tga", words), "tag");
  EXPECT_EQ(nearest_word("reply-to", words), "reply_to");
  EXPECT_EQ(nearest_word("temp_fail", words), "tempfail");
}

TEST(NearestWord, DoesNotGuessWildly) {
  const std::vector<std::string_view> words{"reject", "tag", "no"};
  EXPECT_EQ(nearest_word("deliver", words), "");
  EXPECT_EQ(nearest_word("x", words), "");
  EXPECT_EQ(nearest_word("", words), "");
  EXPECT_EQ(nearest_word("lot", words), "");
  EXPECT_EQ(nearest_word(std::string(1'000'000, 'r'), words), "");
  EXPECT_EQ(nearest_word("tag", {}), "");
}

TEST(AdviseWords, NamesTheNearestOrAll) {
  EXPECT_EQ(advise_words("tga", {"tag", "reject"}), "did you mean 'tag'?");
  EXPECT_EQ(advise_words("deliver", {"tag", "reject"}), "known here: tag, reject");
  EXPECT_EQ(advise_words("deliver", {"tag"}), "only 'tag' is known here");
  EXPECT_EQ(advise_words("deliver", {}), "remove it");
}

}  // namespace
}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/session.h"
#include "gateway/tools/explain.h"
#include "policy/exit_status.h"
#include "tests/gateway/session/recording_host.h"

#include <gtest/gtest.h>

#include <ios>
#include <sstream>
#include <string>

namespace gateway {
namespace {

using policy::ExitStatus;

TEST(ExplainLines, AnswersComeInTheOrderOfTheRequests) {
  constexpr int kLines = 9'000;  // more than are read at once
  std::stringstream input;
  for (int i = 0; i < kLines; ++i) {
    input << R"({"id":)" << i << R"(,"header":"From: a@b.example"})" << '\n';
  }
  std::stringstream output;
  EXPECT_EQ(explain_lines(known_in_force(), SessionSettings{}, input, output), ExitStatus::kDone);
  std::string line;
  for (int i = 0; i < kLines; ++i) {
    ASSERT_TRUE(std::getline(output, line));
    ASSERT_TRUE(line.starts_with(R"({"id":)" + std::to_string(i) + ',')) << line;
  }
  EXPECT_FALSE(std::getline(output, line));
}

TEST(ExplainLines, ABrokenLineIsAnsweredAndTheOthersAreJudged) {
  std::stringstream input{
      "nonsense\n"
      R"({"id":2,"header":"From: Ada Lovelace <x@freemail.example>"})"};
  std::stringstream output;
  EXPECT_EQ(explain_lines(known_in_force(), SessionSettings{}, input, output),
            ExitStatus::kBadData);
  std::string first;
  std::string second;
  std::getline(output, first);
  std::getline(output, second);
  EXPECT_NE(first.find("\"error\""), std::string::npos);
  EXPECT_NE(second.find("\"protected_name\""), std::string::npos);
}

TEST(ExplainLines, NoInputIsNoAnswer) {
  std::stringstream input;
  std::stringstream output;
  EXPECT_EQ(explain_lines(known_in_force(), SessionSettings{}, input, output), ExitStatus::kDone);
  EXPECT_TRUE(output.str().empty());
}

TEST(ExplainLines, OutputThatCannotBeWrittenEndsIt) {
  std::stringstream input{"{\"header\":\"From: a@b.example\"}\n"};
  std::stringstream output;
  output.setstate(std::ios::badbit);
  EXPECT_EQ(explain_lines(known_in_force(), SessionSettings{}, input, output),
            ExitStatus::kIoError);
}

}  // namespace
}  // namespace gateway

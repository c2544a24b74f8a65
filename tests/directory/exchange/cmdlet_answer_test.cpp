// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/cmdlet_answer.h"

#include "directory/exchange/cmdlet.h"
#include "directory/http/client.h"
#include "policy/name/charset.h"

#include <gtest/gtest.h>

#include <string>

namespace directory {
namespace {

CmdletFailure failure_of(const std::string& body) {
  const HttpResponse response{.status = 400, .headers = {}, .body = body};
  const Cmdlet cmdlet{.name = "New-InboundConnector", .parameters = {}};
  const JudgedCmdlet judged = judge_cmdlet(response, cmdlet);
  EXPECT_FALSE(judged.result.has_value());
  return judged.result.has_value() ? CmdletFailure{} : judged.result.error();
}

// A failure is logged and shown in the console: no octet of an answer may break either.
TEST(CmdletAnswer, TellsOctetsThatAreNoTextInWordsThatCanBeShown) {
  const std::string message = failure_of("\x8e\x8e no JSON \x1b[2J").message;
  EXPECT_TRUE(policy::is_utf8(message)) << message;
  EXPECT_NE(message.find("\\x8E"), std::string::npos) << message;
  EXPECT_EQ(message.find('\x1b'), std::string::npos) << message;
}

TEST(CmdletAnswer, CutsALongTextBetweenCharacters) {
  std::string body{"x"};
  for (int i = 0; i < 400; ++i) {
    body += "\xC3\xA9";
  }
  const std::string message = failure_of(body).message;
  EXPECT_TRUE(policy::is_utf8(message)) << message;
  EXPECT_EQ(message.find("\\x"), std::string::npos) << message;
  EXPECT_LT(message.size(), 1000U);
}

TEST(CmdletAnswer, ShowsTheTypeOfAnErrorLikeItsText) {
  const std::string body = R"({"error": {"details": [{"message": "|A.\u202eB\u0007|no"}]}})";
  const std::string message = failure_of(body).message;
  EXPECT_NE(message.find("u{202E}"), std::string::npos) << message;
  EXPECT_EQ(message.find('\x07'), std::string::npos) << message;
}

TEST(CmdletAnswer, LeavesABodyOfNulOctetsOut) {
  EXPECT_EQ(failure_of(std::string(64, '\0')).message,
            "Exchange answers New-InboundConnector with 400");
}

}  // namespace
}  // namespace directory

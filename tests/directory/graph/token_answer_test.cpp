// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/token_answer.h"

#include "directory/graph/application.h"
#include "directory/graph/failure.h"
#include "directory/http/client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace directory {
namespace {

// The lifetime is added to a clock, which it must not turn round.
TEST(TokenAnswer, BelievesNoTokenToLiveForAges) {
  for (const std::string lifetime : {"9223372036854775807", "1e18", "31622400000"}) {
    const HttpResponse response{
        .status = 200,
        .headers = {},
        .body = R"({"access_token": "a.b.c", "expires_in": )" + lifetime + "}"};
    const auto issued = decode_token_answer(response, Application{});
    ASSERT_TRUE(issued.has_value()) << lifetime;
    EXPECT_GT(issued->lifetime, std::chrono::hours{1});
    EXPECT_LE(issued->lifetime, std::chrono::hours{24});
  }
}

// What a service calls its refusal reaches logs and the console.
TEST(TokenAnswer, ShowsTheWordOfARefusalOnOneLine) {
  const HttpResponse response{.status = 400,
                              .headers = {},
                              .body = R"({"error": "no\ntoken\u202e", "error_description": "x"})"};
  const auto issued = decode_token_answer(response, Application{});
  ASSERT_FALSE(issued.has_value());
  const GraphFailure& failure = issued.error().failure;
  EXPECT_EQ(failure.code, "no");
  EXPECT_EQ(failure.message.find('\n'), std::string::npos) << failure.message;
  EXPECT_EQ(failure.message.find("\xE2\x80\xAE"), std::string::npos) << failure.message;
}

}  // namespace
}  // namespace directory

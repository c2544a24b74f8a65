// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/tools/verdict_json.h"

#include "gateway/session/session.h"
#include "gateway/tools/judged_message.h"
#include "policy/networks.h"
#include "policy/verdict/explanation.h"
#include "tests/gateway/session/recording_host.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace gateway {
namespace {

namespace json = boost::json;

SessionSettings test_settings() {
  SessionSettings settings;
  settings.trusted_networks = policy::Networks::parse({"127.0.0.0/8"}).value();
  return settings;
}

struct Answer {
  json::object members;
  bool failed = false;
};

Answer answer_to(std::string_view line, const InForce& in_force = known_in_force()) {
  Answer answer;
  const std::string text = answer_json_line(line, in_force, test_settings(), answer.failed);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  answer.members = json::parse(text).as_object();
  return answer;
}

Answer answer_to(const json::object& request) {
  return answer_to(json::serialize(request));
}

std::string text_of(const Answer& answer, std::string_view key) {
  return json::serialize(answer.members.at(key));
}

constexpr const char* kForged = "From: Ada Lovelace <ada@freemail.example>\r\n";
constexpr const char* kOwn = "From: Ada Lovelace <ada@contoso.com>\r\n";

TEST(VerdictJson, AnswersWithTheFinding) {
  const Answer answer = answer_to({{"id", 7}, {"header", kForged}, {"rcpt", {"a@contoso.com"}}});
  EXPECT_FALSE(answer.failed);
  EXPECT_EQ(text_of(answer, "id"), "7");
  EXPECT_EQ(text_of(answer, "finding"), R"("protected_name")");
  EXPECT_EQ(text_of(answer, "match"), R"("exact")");
  EXPECT_EQ(text_of(answer, "field"), R"("from")");
  EXPECT_EQ(text_of(answer, "person"), R"("Ada Lovelace")");
  EXPECT_EQ(text_of(answer, "address"), R"("ada@freemail.example")");
  EXPECT_EQ(text_of(answer, "reason"),
            R"("Protected Name Ada Lovelace should not appear as ada@freemail.example")");
  EXPECT_EQ(text_of(answer, "disposition"), R"("spoof")");
  EXPECT_EQ(text_of(answer, "action"), R"("tag")");
  EXPECT_EQ(text_of(answer, "rule"), "null");
  EXPECT_EQ(text_of(answer, "organization"), R"("contoso")");
  EXPECT_EQ(text_of(answer, "generation"), "1");
  EXPECT_FALSE(answer.members.contains("noted"));
}

TEST(VerdictJson, AnswersWithNullWhereThereIsNone) {
  const Answer answer = answer_to({{"header", kOwn}, {"rcpt", {"a@contoso.com"}}});
  EXPECT_FALSE(answer.failed);
  for (const char* key : {"id",
                          "finding",
                          "match",
                          "field",
                          "person",
                          "address",
                          "reason",
                          "disposition",
                          "action",
                          "rule"}) {
    EXPECT_EQ(text_of(answer, key), "null") << key;
  }
}

TEST(VerdictJson, AnyIdComesBack) {
  for (const char* id : {"null", "\"x\"", "[1,{\"a\":2}]", "1.5E0", "true"}) {
    const Answer answer =
        answer_to(std::string{R"({"id":)"} + id + R"(,"header":"From: a@b.example"})");
    EXPECT_EQ(text_of(answer, "id"), id);
  }
}

TEST(VerdictJson, WithoutRecipientsEveryOrganizationIsAsked) {
  const char* bob = "From: Bob Stone <x@freemail.example>\r\n";
  EXPECT_EQ(text_of(answer_to({{"header", bob}}), "organization"), R"("fabrikam")");
  EXPECT_EQ(text_of(answer_to({{"header", bob}, {"rcpt", nullptr}}), "finding"),
            R"("protected_name")");
  EXPECT_EQ(text_of(answer_to({{"header", bob}, {"rcpt", {"a@contoso.com"}}}), "finding"), "null");
  EXPECT_EQ(text_of(answer_to({{"header", bob}, {"rcpt", json::array{}}}), "finding"), "null");
}

TEST(VerdictJson, TheHeaderMayBeInBase64) {
  // From: Ada Lovelace <ada@freemail.example>
  const Answer answer =
      answer_to({{"header_b64", "RnJvbTogQWRhIExvdmVsYWNlIDxhZGFAZnJlZW1haWwuZXhhbXBsZT4NCg=="}});
  EXPECT_EQ(text_of(answer, "finding"), R"("protected_name")");
  // From: Ada Lovelace\xFF\xFE <x@freemail.example>
  const Answer octets =
      answer_to({{"header_b64", "RnJvbTogQWRhIExvdmVsYWNl//4gPHhAZnJlZW1haWwuZXhhbXBsZT4NCg=="}});
  EXPECT_FALSE(octets.failed);
}

TEST(VerdictJson, TellsWhatWasOnlyNoted) {
  const Answer answer = answer_to({{"header", "From: Grace <grace@navy.example> trailing\r\n"}});
  EXPECT_EQ(text_of(answer, "finding"), "null");
  const json::object& noted = answer.members.at("noted").as_array().at(0).as_object();
  EXPECT_EQ(noted.at("finding"), "malformed_from");
  EXPECT_TRUE(noted.at("match").is_null());
}

TEST(VerdictJson, TellsTheMatchOfAHintThatIsOff) {
  const Answer answer = answer_to({{"header", "From: ada.lovelace@freemail.example\r\n"}});
  EXPECT_EQ(text_of(answer, "finding"), "null");
  const json::object& noted = answer.members.at("noted").as_array().at(0).as_object();
  EXPECT_EQ(noted.at("match"), "local_part");
}

TEST(VerdictJson, ResultsOfAuthenticationStandInForLiveOnes) {
  const auto finding_with = [](const json::object& auth, const char* mail_from = "") {
    return text_of(answer_to({{"header", kOwn},
                              {"auth", auth},
                              {"mail_from", mail_from},
                              {"rcpt", {"a@contoso.com"}}}),
                   "finding");
  };
  EXPECT_EQ(finding_with({{"dmarc", "fail"}}), R"("spoofed_address")");
  EXPECT_EQ(finding_with({{"dmarc", "pass"}}), "null");
  EXPECT_EQ(finding_with({{"dmarc", "none"}}), "null");
  EXPECT_EQ(finding_with({}), "null");
}

TEST(VerdictJson, ClientsOfTrustedNetworksAreSkipped) {
  const Answer answer = answer_to({{"header", kForged}, {"client_ip", "127.0.0.1"}});
  EXPECT_EQ(text_of(answer, "finding"), "null");
  EXPECT_EQ(text_of(answer, "skipped"), "true");
}

TEST(VerdictJson, TellsWhatCouldNotBeJudged) {
  InForce in_force = known_in_force();
  in_force.detector = nullptr;
  const Answer answer = answer_to(R"({"header":"From: a@b.example"})", in_force);
  EXPECT_FALSE(answer.failed);
  EXPECT_EQ(text_of(answer, "degraded"), R"("no_snapshot")");
  EXPECT_EQ(text_of(answer, "action"), R"("tempfail")");
  EXPECT_EQ(text_of(answer, "generation"), "0");
}

TEST(VerdictJson, WhatIsNoRequestGetsAnErrorThatSaysWhatIsWrong) {
  const auto error_of = [](std::string_view line) {
    const Answer answer = answer_to(line);
    EXPECT_TRUE(answer.failed) << line;
    EXPECT_FALSE(answer.members.contains("finding")) << line;
    return text_of(answer, "error");
  };
  for (const char* line : {"", "nonsense", "[]", "{", "\"text\"", "{} {}", "\xff"}) {
    EXPECT_NE(error_of(line).find("no JSON object"), std::string::npos) << line;
  }
  EXPECT_NE(error_of(R"({"id":1})").find("'header'"), std::string::npos);
  EXPECT_NE(error_of(R"({"header":7})").find("'header'"), std::string::npos);
  EXPECT_FALSE(error_of(R"({"header_b64":"?"})").empty());
  for (const char* wrong : {R"("rcpt":"a@b.example")",
                            R"("rcpt":[1])",
                            R"("mail_from":1)",
                            R"("client_ip":[])",
                            R"("auth":"pass")",
                            R"("auth":{"dmarc":"maybe"})",
                            R"("auth":{"dmarc":1})",
                            R"("auth":{"spf":7})",
                            R"("auth":{"dkim":"a.example"})"}) {
    const std::string key{wrong + 1, std::string_view{wrong}.find('"', 1) - 1};
    EXPECT_NE(error_of(R"({"header":"From: a@b.example",)" + std::string{wrong} + "}").find(key),
              std::string::npos)
        << wrong;
  }
}

TEST(VerdictJson, WhatAMessageHoldsIsEscaped) {
  // From: Ada Lovelace <"a\r\n \x01\xFF"@freemail.example>
  const Answer answer = answer_to(
      {{"header_b64", "RnJvbTogQWRhIExvdmVsYWNlIDwiYQ0KIAH/IkBmcmVlbWFpbC5leGFtcGxlPg0K"}});
  EXPECT_EQ(text_of(answer, "finding"), R"("protected_name")");
  EXPECT_EQ(text_of(answer, "address").find("\\u00"), std::string::npos);
}

TEST(VerdictJson, ExplainAddsTheFieldsAndTheSteps) {
  ToldMessage message;
  message.header = "From: Ada\xff Lovelace <ada@freemail.example>\r\nFrom: b@c.example\r\n";
  policy::Explanation explanation;
  const JudgedMessage judged =
      judge_told_message(message, known_in_force(), test_settings(), &explanation);
  const json::object answer = json::parse(explain_as_json(judged, explanation)).as_object();
  EXPECT_EQ(answer.at("from").as_array().size(), 2U);
  EXPECT_EQ(answer.at("from").as_array().at(0), "Ada\\xFF Lovelace <ada@freemail.example>");
  const json::array& steps = answer.at("steps").as_array();
  ASSERT_GE(steps.size(), 2U);
  EXPECT_EQ(steps.at(0).as_object().at("step"), "organizations");
  EXPECT_EQ(steps.at(1).as_object().at("step"), "identity");
}

}  // namespace
}  // namespace gateway

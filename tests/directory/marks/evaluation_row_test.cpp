// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/marks/evaluation_row.h"

#include "directory/marks/detection_mark.h"
#include "policy/base64.h"
#include "tests/directory/detections/written_detections.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <string>

namespace directory {
namespace {

DetectionMark mark(MarkVerdict verdict) {
  DetectionMark made;
  made.verdict = verdict;
  made.record = tests::detection_at(1'700'000'000);
  made.record.client = "198.51.100.7";
  made.record.recipients = {"reception@contoso.com"};
  made.record.recipient_count = 1;
  return made;
}

boost::json::value row_of(const DetectionMark& marked) {
  const std::string row = evaluation_row(marked);
  EXPECT_EQ(row.find('\n'), std::string::npos);
  return boost::json::parse(row);
}

std::string header_of(const boost::json::value& row) {
  return policy::decode_base64(row.at("header_b64").as_string()).value();
}

TEST(EvaluationRow, ShowsWhatTheGatewaySawAndWhatTheMarkAsksFor) {
  const auto right = row_of(mark(MarkVerdict::kRight));
  EXPECT_EQ(header_of(right), "From: Ada Lovelace <ada@freemail.example>\r\n");
  EXPECT_EQ(boost::json::serialize(right.at("rcpt")), R"(["reception@contoso.com"])");
  EXPECT_EQ(right.at("mail_from").as_string(), "billing@freemail.example");
  EXPECT_EQ(right.at("client_ip").as_string(), "198.51.100.7");
  EXPECT_TRUE(right.at("auth").is_null());
  EXPECT_TRUE(right.at("whole").as_bool());
  EXPECT_EQ(boost::json::serialize(right.at("expected")),
            R"({"finding":"protected_name","match":"exact","person":"Ada Lovelace"})");
  const auto wrong = row_of(mark(MarkVerdict::kWrong));
  EXPECT_EQ(boost::json::serialize(wrong.at("expected")),
            R"({"finding":null,"match":null,"person":null})");
}

TEST(EvaluationRow, AuthenticationStandsInAsItWasWorkedOut) {
  DetectionMark marked = mark(MarkVerdict::kRight);
  marked.record.authentication =
      "mx.contoso.com; spf=softfail smtp.mailfrom=freemail.example; dkim=pass header.d=a.example "
      "header.s=x; dkim=fail header.d=b.example; dmarc=fail (p=reject) "
      "header.from=freemail.example";
  EXPECT_EQ(boost::json::serialize(row_of(marked).at("auth")),
            R"({"spf":"softfail","dmarc":"fail","dkim":["a.example"]})");
}

TEST(EvaluationRow, AFoldThatWasKeptEndsNoField) {
  DetectionMark marked = mark(MarkVerdict::kRight);
  marked.record.from = "Ada\r\n Lovelace <ada@freemail.example>\nBcc: x@y.example";
  marked.record.reply_to = {"a@b.example", "c@d.example"};
  EXPECT_EQ(header_of(row_of(marked)),
            "From: Ada   Lovelace <ada@freemail.example> Bcc: x@y.example\r\n"
            "Reply-To: a@b.example, c@d.example\r\n");
}

TEST(EvaluationRow, OfAnotherFieldItShowsWhatWasShown) {
  DetectionMark marked = mark(MarkVerdict::kRight);
  marked.record.field = "reply_to";
  marked.record.from = "Newsletter <news@shop.example>";
  marked.record.reply_to = {"ada@freemail.example"};
  EXPECT_EQ(header_of(row_of(marked)),
            "From: Newsletter <news@shop.example>\r\n"
            "Reply-To: =?utf-8?B?QWRhIExvdmVsYWNl?= <ada@freemail.example>\r\n");
}

TEST(EvaluationRow, SaysThatTheRecordWasCut) {
  DetectionMark marked = mark(MarkVerdict::kRight);
  marked.record.recipient_count = 200;
  EXPECT_FALSE(row_of(marked).at("whole").as_bool());
}

}  // namespace
}  // namespace directory

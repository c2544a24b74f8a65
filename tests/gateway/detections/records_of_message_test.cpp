// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/detections/records_of_message.h"

#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "policy/detection_record/detection_record.h"
#include "tests/gateway/session/recording_host.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

constexpr std::int64_t kTime = 1'700'000'000;

// The records of one message through a session, from Eve under the name of Ada.
std::vector<policy::DetectionRecord> records_of(
    std::string_view policy,
    const std::vector<std::string>& recipients,
    const std::string& from = "\"Lovelace, Ada\" <ada@freemail.example>") {
  const SessionSettings settings;
  RecordingHost host{known_in_force(policy)};
  Session session{settings, host};
  session.on_connect("192.0.2.1", "mx.example.net", "smtpd");
  session.on_helo("mail.client.example");
  session.on_mail("<sender@client.example>", false);
  for (const std::string& recipient : recipients) {
    session.on_recipient(recipient);
  }
  session.on_header("From", from);
  session.on_header("Reply-To", "eve@reply.example");
  session.on_header("Message-ID", "<1@client.example>");
  session.on_header("Authentication-Results",
                    "mx.example.net; spf=pass smtp.mailfrom=sender@freemail.example; "
                    "dmarc=pass header.from=freemail.example");
  if (session.on_end_of_headers("4ZkQ") == Session::HeaderStep::kGoOn) {
    static_cast<void>(session.on_end_of_message("4ZkQ"));
  }
  const auto reports = host.take_reports();
  return records_of_message(reports.at(0).verdict, reports.at(0).message, kTime);
}

TEST(RecordsOfMessage, SayWhatWasFoundOnWhichMessage) {
  const auto records = records_of(
      "version: 1\nmode: monitor\nrules:\n"
      "  - {name: executives, then: {disposition: malicious, action: "
      "quarantine}}\n",
      {"<Desk@contoso.com>"});
  ASSERT_EQ(records.size(), 1U);
  const policy::DetectionRecord& record = records.front();
  EXPECT_TRUE(record.id.is_nil());
  EXPECT_EQ(record.time, kTime);
  EXPECT_EQ(record.organization, "contoso");
  EXPECT_EQ(record.queue_id, "4ZkQ");
  EXPECT_EQ(record.message_id, "<1@client.example>");
  EXPECT_EQ(record.client, "192.0.2.1");
  EXPECT_EQ(record.helo, "mail.client.example");
  EXPECT_EQ(record.mail_from, "sender@client.example");
  EXPECT_EQ(record.recipients, std::vector<std::string>{"Desk@contoso.com"});
  EXPECT_EQ(record.recipient_count, 1U);
  EXPECT_EQ(record.shown, std::vector<std::string>{"Lovelace, Ada"});
  EXPECT_EQ(record.from, "\"Lovelace, Ada\" <ada@freemail.example>");
  EXPECT_EQ(record.reply_to, std::vector<std::string>{"eve@reply.example"});
  EXPECT_EQ(record.person, "Ada Lovelace");
  EXPECT_EQ(record.address, "ada@freemail.example");
  EXPECT_EQ(record.finding, "protected_name");
  EXPECT_EQ(record.match, "reordered");
  EXPECT_EQ(record.field, "from");
  EXPECT_EQ(record.reason, "Protected Name Ada Lovelace should not appear as ada@freemail.example");
  EXPECT_EQ(record.disposition, "malicious");
  EXPECT_EQ(record.action, "quarantine");
  EXPECT_TRUE(record.decides);
  EXPECT_EQ(record.mode, "monitor");
  EXPECT_EQ(record.rule, "executives");
  EXPECT_EQ(record.shadow_action, "");
  EXPECT_EQ(record.policy.size(), 8U);
  EXPECT_EQ(record.generation, 1U);
}

TEST(RecordsOfMessage, SayWhetherTheSenderIsProved) {
  const std::string trusting =
      "version: 1\nmode: enforce\nauthentication: {findings: always, trusted_authserv_ids: "
      "[mx.example.net], trusted_relays: [192.0.2.1/32]}\n";
  EXPECT_EQ(records_of(trusting, {"<desk@contoso.com>"}).at(0).authenticated, "pass");
  EXPECT_EQ(records_of(trusting, {"<desk@contoso.com>"}, "Ada Lovelace <ada@other.example>")
                .at(0)
                .authenticated,
            "fail");
  EXPECT_EQ(records_of("version: 1\nmode: enforce\n", {"<desk@contoso.com>"}).at(0).authenticated,
            "");
}

TEST(RecordsOfMessage, AreNoneWithoutAFinding) {
  EXPECT_TRUE(records_of(kEnforcing, {"desk@elsewhere.example"}).empty());
}

TEST(RecordsOfMessage, OfEachOrganizationNameItsRecipientsAlone) {
  const auto records = records_of(
      "version: 1\nmode: enforce\nrules:\n"
      "  - {name: f, when: {organizations: [fabrikam]}, then: {action: "
      "reject}}\n",
      {"desk@contoso.com", "bob@fabrikam.example", "x@elsewhere.example", "ida@contoso.com"});
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].organization, "contoso");
  EXPECT_EQ(records[0].recipients,
            (std::vector<std::string>{"desk@contoso.com", "ida@contoso.com"}));
  EXPECT_EQ(records[0].action, "tag");
  EXPECT_FALSE(records[0].decides);
  EXPECT_EQ(records[1].organization, "fabrikam");
  EXPECT_EQ(records[1].recipients, std::vector<std::string>{"bob@fabrikam.example"});
  EXPECT_EQ(records[1].action, "reject");
  EXPECT_TRUE(records[1].decides);
}

TEST(RecordsOfMessage, CountRecipientsBeyondThoseListed) {
  const std::vector<std::string> many(policy::kMostRecipients + 50, "desk@contoso.com");
  const auto records = records_of(kEnforcing, many);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].recipients.size(), policy::kMostRecipients);
  EXPECT_EQ(records[0].recipient_count, many.size());
}

TEST(RecordsOfMessage, TellWhatTheShadowRulesWouldDo) {
  constexpr std::string_view kHead =
      "version: 1\nmode: enforce\nrules: [{name: all, then: {action: tag}}]\n";
  const auto stricter =
      records_of(std::string{kHead} + "shadow: {rules: [{name: strict, then: {action: reject}}]}\n",
                 {"desk@contoso.com"});
  ASSERT_EQ(stricter.size(), 1U);
  EXPECT_EQ(stricter[0].action, "tag");
  EXPECT_EQ(stricter[0].shadow_action, "reject");
  EXPECT_EQ(stricter[0].shadow_rule, "strict");
  const auto same =
      records_of(std::string{kHead} + "shadow: {rules: [{name: same, then: {action: tag}}]}\n",
                 {"desk@contoso.com"});
  EXPECT_EQ(same.at(0).shadow_action, "");
}

TEST(RecordsOfMessage, HoldHostileNamesAsTheyAreDecoded) {
  const auto records = records_of(kEnforcing,
                                  {"desk@contoso.com"},
                                  "=?utf-8?q?Ada_Lovelace=E2=80=AE=00=0A?= <ada@freemail.example>");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_NE(records[0].shown.at(0).find("\xe2\x80\xae"), std::string::npos);
  EXPECT_EQ(policy::decode_detection(encode_detection(records[0])).value(), records[0]);
}

}  // namespace
}  // namespace gateway

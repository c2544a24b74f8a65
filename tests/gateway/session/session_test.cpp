// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/session.h"

#include "gateway/session/enforcement.h"
#include "gateway/session/judge.h"
#include "gateway/session/verdict.h"
#include "policy/networks.h"
#include "policy/verdict/finding.h"
#include "tests/gateway/session/recording_host.h"
#include "tests/support/known_people.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Kind = Verdict::Kind;
using Step = Session::HeaderStep;
using Headers = std::vector<std::pair<std::string, std::string>>;

const Headers kForged{{"From", "Ada Lovelace <ada@freemail.example>"}, {"Subject", "Invoice"}};
const Headers kInnocent{{"From", "Grace Hopper <grace@navy.example>"}, {"Subject", "Compiler"}};

class SessionTest : public ::testing::Test {
 protected:
  static SessionSettings test_settings() {
    SessionSettings settings;
    settings.trusted_networks = policy::Networks::parse({"10.0.0.0/8"}).value();
    return settings;
  }

  // A message up to the end of its header.
  Step send(const Headers& headers, const std::string& recipient = "<desk@contoso.com>") {
    session_.on_mail("<sender@client.example>", false);
    session_.on_recipient(recipient);
    for (const auto& [name, value] : headers) {
      session_.on_header(name, value);
    }
    return session_.on_end_of_headers("4ZkQ");
  }

  // The one message that was reported since the last call.
  RecordingHost::Report reported() {
    auto reports = host_.take_reports();
    EXPECT_EQ(reports.size(), 1U);
    return reports.empty() ? RecordingHost::Report{} : reports.front();
  }

  SessionSettings settings_ = test_settings();
  RecordingHost host_{known_in_force()};
  Session session_{settings_, host_};
};

TEST_F(SessionTest, TheRecordOfAFindingHasTheRecipientsAsTheyWereGiven) {
  session_.on_mail("<sender@client.example>", false);
  session_.on_recipient("<Desk@Contoso.com>");
  session_.on_recipient("other@elsewhere.example");
  session_.on_header(kForged.front().first, kForged.front().second);
  EXPECT_EQ(session_.on_end_of_headers("4ZkQ"), Step::kGoOn);
  static_cast<void>(session_.on_end_of_message("4ZkQ"));
  const MessageRecord record = reported().message;
  EXPECT_EQ(record.recipients,
            (std::vector<std::string>{"Desk@Contoso.com", "other@elsewhere.example"}));
  EXPECT_EQ(record.recipient_organizations.size(), 2U);
}

// It is not passed unjudged, nor is it judged for some of its recipients.
TEST_F(SessionTest, AMessageToTooManyIsPutOffAndToldOnce) {
  settings_.recipients = 3;
  host_.put_in_force(known_in_force("version: 1\nmode: enforce\n"));
  for (const bool is_one_too_many : {false, true}) {
    session_.on_mail("<sender@client.example>", false);
    for (int i = 0; i < (is_one_too_many ? 5 : 3); ++i) {
      session_.on_recipient("<desk@contoso.com>");
    }
    session_.on_header(kInnocent.front().first, kInnocent.front().second);
    const Step step = session_.on_end_of_headers("4ZkQ");
    EXPECT_EQ(step, is_one_too_many ? Step::kGoOn : Step::kAccept);
    if (is_one_too_many) {
      const Enforcement done = session_.on_end_of_message("4ZkQ");
      EXPECT_EQ(done.outcome, Enforcement::Outcome::kTempFail);
      const std::optional<SmtpReply>& reply = done.reply;
      ASSERT_TRUE(reply.has_value());
      EXPECT_EQ(reply->code + ' ' + reply->enhanced_code, "452 4.5.3");
    }
    EXPECT_EQ(reported().verdict.degradation,
              is_one_too_many ? std::optional{Degradation::kRecipients} : std::nullopt);
  }
  EXPECT_EQ(host_.limits(), std::vector<std::string>{"recipients"});
}

TEST_F(SessionTest, AMessageWithoutFindingEndsAtTheEndOfItsHeader) {
  EXPECT_EQ(send(kInnocent), Step::kAccept);
  EXPECT_EQ(reported().verdict.kind, Kind::kNoFinding);
  EXPECT_EQ(send(kForged, "<someone@elsewhere.example>"), Step::kAccept);
  EXPECT_EQ(reported().verdict.kind, Kind::kNoFinding);
}

TEST_F(SessionTest, OneWithAFindingGoesOnToItsEnd) {
  EXPECT_EQ(send(kForged), Step::kGoOn);
  EXPECT_TRUE(host_.take_reports().empty());
  const Enforcement done = session_.on_end_of_message("4ZkQ");
  ASSERT_EQ(done.added.size(), 2U);
  EXPECT_EQ(done.added.back().name, "X-Fromguard-Result");
  EXPECT_EQ(reported().verdict.kind, Kind::kFinding);
}

TEST_F(SessionTest, TheRecordSaysWhichMessageItWas) {
  session_.on_connect("192.0.2.1", "mx.example.net", "smtpd");
  session_.on_mail("<sender@client.example>", false);
  session_.on_recipient("<Desk@Contoso.com>");
  session_.on_recipient("other@elsewhere.example");
  session_.on_header("Message-Id", "<1@client.example>");
  session_.on_header("Reply-To", "Eve <eve@freemail.example>, desk@client.example");
  session_.on_header("FROM", "Grace <" + std::string(2'000, 'g') + "@navy.example>");
  EXPECT_EQ(session_.on_end_of_headers("4ZkQ"), Step::kAccept);
  const MessageRecord record = reported().message;
  EXPECT_EQ(record.queue_id, "4ZkQ");
  EXPECT_EQ(record.client, "192.0.2.1");
  EXPECT_EQ(record.mail_from, "sender@client.example");
  EXPECT_TRUE(record.recipients.empty());
  EXPECT_EQ(record.message_id, "<1@client.example>");
  EXPECT_EQ(record.from.size(), 1000U);
  EXPECT_EQ(record.reply_to,
            (std::vector<std::string>{"eve@freemail.example", "desk@client.example"}));
}

TEST_F(SessionTest, FromIsKnownInEverySpelling) {
  for (const char* name : {"from", "FROM", "From ", "From\t"}) {
    EXPECT_EQ(send({{name, "Ada Lovelace <ada@freemail.example>"}}), Step::kGoOn) << name;
    session_.on_abort();
  }
}

TEST_F(SessionTest, EachFromFieldIsLookedAt) {
  EXPECT_EQ(send({{"From", "Grace Hopper <grace@navy.example>"},
                  {"From", "Ada Lovelace <ada@freemail.example>"}}),
            Step::kGoOn);
}

TEST_F(SessionTest, NothingOfOneMessageReachesTheNext) {
  session_.on_mail("<a@client.example>", false);
  session_.on_recipient("<desk@contoso.com>");
  session_.on_header("From", "Ada Lovelace <ada@freemail.example>");
  session_.on_header("X-Fromguard-Result", "finding=none");
  session_.on_abort();
  EXPECT_TRUE(host_.take_reports().empty());
  EXPECT_EQ(send(kInnocent), Step::kAccept);
  EXPECT_EQ(send(kForged), Step::kGoOn);
  static_cast<void>(session_.on_end_of_message("4ZkQ"));
  EXPECT_EQ(send(kForged, "<someone@elsewhere.example>"), Step::kAccept);
}

TEST_F(SessionTest, AMessageKeepsThePolicyAndGenerationItBeganWith) {
  session_.on_mail("<sender@client.example>", false);
  host_.put_in_force({.policy = tests::policy_of("version: 1\n"),
                      .detector = tests::detector_over(tests::known_directory(2))});
  session_.on_recipient("<desk@contoso.com>");
  session_.on_header("From", kForged.front().second);
  EXPECT_EQ(session_.on_end_of_headers(""), Step::kGoOn);
  static_cast<void>(session_.on_end_of_message(""));
  const Verdict first = reported().verdict;
  EXPECT_EQ(first.generation, 1U);
  EXPECT_EQ(first.mode, policy::Mode::kEnforce);
  EXPECT_EQ(send(kForged), Step::kGoOn);
  static_cast<void>(session_.on_end_of_message(""));
  const Verdict second = reported().verdict;
  EXPECT_EQ(second.generation, 2U);
  EXPECT_EQ(second.mode, policy::Mode::kMonitor);
}

TEST_F(SessionTest, MailFromTrustedNetworksIsNotInspected) {
  session_.on_connect("10.1.2.3", "mx.example.net", "smtpd");
  EXPECT_EQ(send(kForged), Step::kAccept);
  EXPECT_EQ(reported().verdict.kind, Kind::kSkipped);
  session_.on_connect("192.0.2.1", "mx.example.net", "smtpd");
  EXPECT_EQ(send(kForged), Step::kGoOn);
  session_.on_abort();
  session_.on_connect("", "mx.example.net", "smtpd");
  EXPECT_EQ(send(kForged), Step::kGoOn);
}

TEST_F(SessionTest, AuthenticatedSessionsAreInspectedOnlyWhereAskedFor) {
  const auto send_authenticated = [&] {
    session_.on_mail("<ada@contoso.com>", true);
    session_.on_recipient("<desk@contoso.com>");
    session_.on_header("From", kForged.front().second);
    return session_.on_end_of_headers("");
  };
  EXPECT_EQ(send_authenticated(), Step::kAccept);
  EXPECT_EQ(reported().verdict.kind, Kind::kSkipped);
  settings_.inspect_authenticated = true;
  EXPECT_EQ(send_authenticated(), Step::kGoOn);
}

TEST_F(SessionTest, InboundFieldsOfOursAreRemovedFromEveryMessage) {
  Headers headers = kInnocent;
  headers.insert(headers.begin(), {"X-Fromguard-Result", "finding=none"});
  headers.emplace_back("x-FROMGUARD-result", "finding=none");
  headers.emplace_back("X-Fromguard-Other", "1");
  headers.emplace_back("X-Fromguarded", "not ours");
  headers.emplace_back("Subject", "X-Fromguard-Result: finding=none");
  EXPECT_EQ(send(headers), Step::kGoOn);
  const Enforcement done = session_.on_end_of_message("");
  ASSERT_EQ(done.removed.size(), 3U);
  EXPECT_EQ(done.removed[0].name, "X-Fromguard-Other");
  EXPECT_EQ(done.removed[0].occurrence, 1U);
  EXPECT_EQ(done.removed[1].name, "x-FROMGUARD-result");
  EXPECT_EQ(done.removed[1].occurrence, 2U);
  EXPECT_EQ(done.removed[2].name, "X-Fromguard-Result");
  EXPECT_EQ(done.removed[2].occurrence, 1U);
  EXPECT_TRUE(done.added.empty());
}

TEST_F(SessionTest, AFromFieldBeyondTheHeaderLimitIsStillSeen) {
  settings_.header_octets = 10'000;
  Headers headers;
  for (int i = 0; i < 500; ++i) {
    headers.emplace_back("X-Filler", std::string(100, 'x'));
  }
  headers.push_back(kForged.front());
  EXPECT_EQ(send(headers), Step::kGoOn);
  EXPECT_EQ(host_.limits(), std::vector<std::string>{"header_bytes"});
}

TEST_F(SessionTest, ADirectoryThatFailsNeverLetsAMessagePass) {
  InForce in_force = known_in_force();
  in_force.detector = tests::detector_over(tests::unavailable_directory());
  host_.put_in_force(in_force);
  EXPECT_EQ(send(kInnocent), Step::kGoOn);
  EXPECT_EQ(session_.on_end_of_message("").outcome, Enforcement::Outcome::kTempFail);
  EXPECT_EQ(reported().verdict.degradation, Degradation::kInternalError);
}

TEST_F(SessionTest, AMessageThatIsDegradedOnTheWayIsNotJudged) {
  session_.on_mail("<sender@client.example>", false);
  session_.degrade(Degradation::kConnections);
  session_.on_recipient("<desk@contoso.com>");
  session_.on_header("From", kInnocent.front().second);
  EXPECT_EQ(session_.on_end_of_headers(""), Step::kGoOn);
  EXPECT_EQ(session_.on_end_of_message("").outcome, Enforcement::Outcome::kTempFail);
  EXPECT_EQ(reported().verdict.degradation, Degradation::kConnections);
  EXPECT_EQ(send(kInnocent), Step::kAccept);
}

TEST_F(SessionTest, AFaultBetweenHeaderAndEndDegradesTheMessage) {
  EXPECT_EQ(send(kForged), Step::kGoOn);
  session_.degrade(Degradation::kInternalError);
  EXPECT_EQ(session_.on_end_of_message("").outcome, Enforcement::Outcome::kTempFail);
  EXPECT_EQ(reported().verdict.kind, Kind::kDegraded);
}

TEST_F(SessionTest, WhileMonitoringADegradedMessageIsDeliveredWithAStamp) {
  host_.put_in_force({.policy = tests::policy_of("version: 1\n"), .detector = nullptr});
  EXPECT_EQ(send(kForged), Step::kGoOn);
  const Enforcement done = session_.on_end_of_message("");
  EXPECT_EQ(done.outcome, Enforcement::Outcome::kAccept);
  ASSERT_EQ(done.added.size(), 1U);
  EXPECT_TRUE(done.added.front().value.starts_with("degraded=no_snapshot; action=tag;"));
}

TEST_F(SessionTest, EventsWithoutAMessageAreHarmless) {
  session_.on_recipient("<desk@contoso.com>");
  session_.on_header("From", "Ada Lovelace <ada@freemail.example>");
  session_.degrade(Degradation::kInternalError);
  session_.on_abort();
  EXPECT_EQ(session_.on_end_of_headers(""), Step::kGoOn);
  EXPECT_EQ(session_.on_end_of_message("").outcome, Enforcement::Outcome::kTempFail);
  EXPECT_TRUE(host_.take_reports().empty());
}

class EnforcingSessionTest : public SessionTest {
 protected:
  // What is done with a message of these fields to desk@contoso.com and all@contoso.com.
  Enforcement done_with(const Headers& headers, const std::string& then) {
    RecordingHost host{
        known_in_force("version: 1\nmode: enforce\nstamp: none\nrules:\n"
                       "- {name: all, then: {" +
                       then + "}}\n")};
    Session session{settings_, host};
    session.on_mail("<sender@client.example>", false);
    session.on_recipient("<desk@contoso.com>");
    session.on_recipient("<All@contoso.com>");
    for (const auto& [name, value] : headers) {
      session.on_header(name, value);
    }
    EXPECT_EQ(session.on_end_of_headers("4ZkQ"), Step::kGoOn);
    return session.on_end_of_message("4ZkQ");
  }
};

Headers added_by(const Enforcement& done) {
  Headers headers;
  for (const AddedField& field : done.added) {
    headers.emplace_back(field.name, field.value);
  }
  return headers;
}

TEST_F(EnforcingSessionTest, ASubjectPrefixKeepsTheOriginal) {
  const Enforcement done = done_with(kForged, "action: tag, subject_prefix: \"[!]\"");
  ASSERT_EQ(done.changed.size(), 1U);
  EXPECT_EQ(done.changed[0].name, "Subject");
  EXPECT_EQ(done.changed[0].value, "[!] Invoice");
  EXPECT_EQ(added_by(done), (Headers{{"X-Original-Subject", "Invoice"}}));
}

TEST_F(EnforcingSessionTest, EverySubjectIsPrefixedForAnyOfThemMayBeShown) {
  const Enforcement done = done_with(
      {{"Subject", "one"}, {"From", "Ada Lovelace <ada@freemail.example>"}, {"SUBJECT", "two"}},
      "action: tag, subject_prefix: \"[!]\"");
  ASSERT_EQ(done.changed.size(), 2U);
  EXPECT_EQ(done.changed[0].occurrence, 1U);
  EXPECT_EQ(done.changed[1].occurrence, 2U);
  EXPECT_EQ(done.changed[1].value, "[!] two");
}

TEST_F(EnforcingSessionTest, AMessageWithoutSubjectGetsThePrefixAlone) {
  const Enforcement done = done_with({{"From", "Ada Lovelace <ada@freemail.example>"}},
                                     "action: tag, subject_prefix: \"[!]\"");
  EXPECT_TRUE(done.changed.empty());
  EXPECT_EQ(added_by(done), (Headers{{"Subject", "[!]"}}));
}

TEST_F(EnforcingSessionTest, ExposeRewritesFromAndKeepsTheOldOne) {
  const Enforcement done = done_with(kForged, "action: expose");
  ASSERT_EQ(done.changed.size(), 1U);
  EXPECT_EQ(done.changed[0].name, "From");
  EXPECT_EQ(done.changed[0].value,
            "\"Ada Lovelace (ada@freemail.example)\"\n <ada@freemail.example>");
  EXPECT_EQ(added_by(done), (Headers{{"X-Original-From", "Ada Lovelace <ada@freemail.example>"}}));
}

TEST_F(EnforcingSessionTest, ExposeMakesOneFromOfSeveral) {
  const Enforcement done = done_with({{"From", "Ada Lovelace <ada@freemail.example>"},
                                      {"From", "Bob <bob@other.example>"},
                                      {"from", "Eve <eve@third.example>"}},
                                     "action: expose");
  ASSERT_EQ(done.changed.size(), 1U);
  EXPECT_EQ(done.changed[0].occurrence, 1U);
  ASSERT_EQ(done.removed.size(), 2U);
  EXPECT_EQ(done.removed[0].occurrence, 3U);
  EXPECT_EQ(done.removed[1].occurrence, 2U);
  EXPECT_EQ(added_by(done).size(), 3U);
}

TEST_F(EnforcingSessionTest, ExposeRewritesTheFieldThatShowsTheName) {
  const Enforcement done = done_with(
      {{"From", "Bob <bob@other.example>"}, {"Reply-To", "Ada Lovelace <ada@freemail.example>"}},
      "action: expose");
  ASSERT_EQ(done.changed.size(), 1U);
  EXPECT_EQ(done.changed[0].name, "Reply-To");
  EXPECT_EQ(added_by(done),
            (Headers{{"X-Original-Reply-To", "Ada Lovelace <ada@freemail.example>"}}));
}

TEST_F(EnforcingSessionTest, RedirectReplacesTheRecipientsAndListsThem) {
  const Enforcement done = done_with(kForged, "action: redirect, to: security@contoso.com");
  EXPECT_EQ(done.added_recipients, std::vector<std::string>{"security@contoso.com"});
  EXPECT_EQ(done.removed_recipients,
            (std::vector<std::string>{"desk@contoso.com", "All@contoso.com"}));
  EXPECT_EQ(added_by(done),
            (Headers{{"X-Fromguard-Recipients", "desk@contoso.com,\n All@contoso.com"}}));
}

TEST_F(EnforcingSessionTest, ARecipientWhoIsAlreadyThereIsKept) {
  const Enforcement redirected = done_with(kForged, "action: redirect, to: all@contoso.com");
  EXPECT_TRUE(redirected.added_recipients.empty());
  EXPECT_EQ(redirected.removed_recipients, std::vector<std::string>{"desk@contoso.com"});
  const Enforcement copied =
      done_with(kForged, "action: copy, to: [all@contoso.com, security@contoso.com]");
  EXPECT_EQ(copied.added_recipients, std::vector<std::string>{"security@contoso.com"});
  EXPECT_TRUE(copied.removed_recipients.empty());
}

TEST_F(EnforcingSessionTest, QuarantineHoldsOrRedirects) {
  const Enforcement held = done_with(kForged, "action: quarantine");
  EXPECT_TRUE(held.quarantine_reason.has_value());
  EXPECT_TRUE(held.removed_recipients.empty());
  const Enforcement sent = done_with(kForged, "action: quarantine, to: spoof@contoso.com");
  EXPECT_FALSE(sent.quarantine_reason.has_value());
  EXPECT_EQ(sent.added_recipients, std::vector<std::string>{"spoof@contoso.com"});
  EXPECT_EQ(sent.removed_recipients.size(), 2U);
}

TEST_F(EnforcingSessionTest, DiscardTellsNobody) {
  const Enforcement done = done_with(kForged, "action: discard, really: true");
  EXPECT_EQ(done.outcome, Enforcement::Outcome::kDiscard);
  EXPECT_FALSE(done.reply.has_value());
}

}  // namespace
}  // namespace gateway

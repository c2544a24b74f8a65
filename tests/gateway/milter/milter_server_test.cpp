// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/milter_server.h"

#include "gateway/session/judge.h"
#include "gateway/session/verdict.h"
#include "policy/descriptor.h"
#include "policy/result.h"
#include "tests/gateway/milter/running_server.h"
#include "tests/gateway/session/recording_host.h"
#include "tests/support/milter_client.h"
#include "tests/support/milter_protocol.h"
#include "tests/support/milter_reply.h"
#include "tests/support/mta_dialogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace gateway {
namespace {

using tests::Change;
using tests::Command;
using tests::Message;
using tests::MilterClient;
using tests::Reply;
using Answered = tests::Reply::Verdict;

constexpr std::string_view kReason =
    "Protected Name Ada Lovelace should not appear as ada@freemail.example";

std::string policy_with(std::string_view then) {
  return "version: 1\nmode: enforce\nrules: [{name: everything, then: " + std::string{then} + "}]";
}

std::string unfolded(std::string value) {
  std::erase(value, '\n');
  return value;
}

std::string names_of(const std::vector<Change>& changes) {
  std::string names;
  for (const Change& change : changes) {
    names += (names.empty() ? "" : " ") + change.name;
  }
  return names;
}

TEST_F(MilterServerTest, NegotiatesOnlyWhatItUses) {
  MilterClient client = running().connect();
  const tests::Negotiation answer = client.negotiate().value();
  EXPECT_EQ(answer.actions,
            tests::kActionAddHeaders | tests::kActionChangeHeaders | tests::kActionQuarantine |
                tests::kActionAddRecipients | tests::kActionDeleteRecipients);
  EXPECT_EQ(answer.steps, kStepsOfGateway);
  EXPECT_EQ(answer.macros.at(tests::MacroStage::kMail), std::vector<std::string>{"{auth_authen}"});
  EXPECT_EQ(answer.macros.at(tests::MacroStage::kEndOfHeaders), std::vector<std::string>{"i"});
  EXPECT_EQ(answer.macros.at(tests::MacroStage::kEndOfMessage), std::vector<std::string>{"i"});
}

TEST_F(MilterServerTest, AgreesToAnMtaThatOffersLess) {
  MilterClient client = running().connect();
  // Steps of the first MTAs with milters; a body is declined, nothing goes without a reply.
  constexpr std::uint32_t kOldSteps = 0x7f;
  const tests::Negotiation answer =
      client
          .negotiate(
              {.version = 6, .actions = tests::kActionAddHeaders, .steps = kOldSteps, .macros = {}})
          .value();
  EXPECT_EQ(answer.actions, tests::kActionAddHeaders);
  EXPECT_EQ(answer.steps, 0U);
  EXPECT_EQ(client.connect({}).value().verdict, Answered::kContinue);
  const Reply reply = client.deliver(forged_message()).value();
  EXPECT_EQ(reply.verdict, Answered::kAccept);
  EXPECT_EQ(names_of(reply.changes), "X-Fromguard-Reason X-Fromguard-Result");
  // What cannot be held is put off, not let through.
  put_in_force(policy_with("{action: quarantine}"));
  EXPECT_EQ(client.deliver(forged_message()).value().verdict, Answered::kTempfail);
}

TEST_F(MilterServerTest, AMessageWithoutFindingIsAcceptedAtTheEndOfItsHeader) {
  const Reply reply = delivered(innocent_message());
  EXPECT_EQ(reply.verdict, Answered::kAccept);
  EXPECT_EQ(reply.answered, Command::kEndOfHeaders);
  EXPECT_TRUE(reply.changes.empty());
  const auto reports = host().take_reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].message.queue_id, "4ZkQ");
  EXPECT_EQ(reports[0].message.client, "192.0.2.1");
}

// Calls of this process that have read something, as the kernel counts them (proc(5), io).
std::size_t reads_of_process() {
  std::ifstream figures{"/proc/self/io"};
  std::string name;
  std::size_t value = 0;
  while (figures >> name >> value) {
    if (name == "syscr:") {
      return value;
    }
  }
  ADD_FAILURE() << "/proc/self/io has no syscr";
  return 0;
}

TEST_F(MilterServerTest, CommandsThatComeTogetherAreNotReadOneByOne) {
  constexpr std::size_t kFields = 500;
  Message message = innocent_message();
  message.headers.resize(kFields, {"X-Trace", "passed"});
  const std::size_t before = reads_of_process();
  EXPECT_EQ(delivered(message).verdict, Answered::kAccept);
  EXPECT_LT(reads_of_process() - before, kFields / 2);
}

TEST_F(MilterServerTest, AFindingIsStampedWordForWord) {
  const Reply reply = delivered(forged_message());
  EXPECT_EQ(reply.verdict, Answered::kAccept);
  EXPECT_EQ(reply.answered, Command::kEndOfMessage);
  ASSERT_EQ(reply.changes.size(), 2U);
  for (const Change& change : reply.changes) {
    EXPECT_EQ(change.kind, Change::Kind::kInsertHeader);
    EXPECT_EQ(change.index, 0U);
  }
  EXPECT_EQ(reply.changes[0].name, "X-Fromguard-Reason");
  EXPECT_EQ(reply.changes[0].value, " " + std::string{kReason});
  EXPECT_EQ(reply.changes[1].name, "X-Fromguard-Result");
  EXPECT_EQ(unfolded(reply.changes[1].value),
            " finding=protected_name; match=exact; field=from;  person=\"Ada Lovelace\"; "
            "address=ada@freemail.example; disposition=spoof;  action=tag; policy=" +
                host().in_force().policy->digest() + "; generation=1");
}

TEST_F(MilterServerTest, QuarantineHoldsWithTheReason) {
  put_in_force(policy_with("{action: quarantine}"));
  const Reply reply = delivered(forged_message());
  EXPECT_EQ(reply.verdict, Answered::kAccept);
  ASSERT_EQ(reply.changes.size(), 3U);
  EXPECT_EQ(reply.changes[2].kind, Change::Kind::kQuarantine);
  EXPECT_EQ(reply.changes[2].value, kReason);
}

TEST_F(MilterServerTest, TagAddsTheHeadersOfTheRule) {
  put_in_force(policy_with("{action: tag, headers: {X-Spam-Flag: \"YES\"}}"));
  EXPECT_EQ(names_of(delivered(forged_message()).changes),
            "X-Spam-Flag X-Fromguard-Reason X-Fromguard-Result");
}

TEST_F(MilterServerTest, RejectAndTempfailReplyWithTheReason) {
  put_in_force(policy_with("{action: reject, code: 554 5.7.9, text: \"Refused: {reason}\"}"));
  const Reply rejected = delivered(forged_message());
  EXPECT_EQ(rejected.verdict, Answered::kReplyCode);
  EXPECT_EQ(rejected.text, "554 5.7.9 Refused: " + std::string{kReason});
  EXPECT_TRUE(rejected.changes.empty());
  put_in_force(policy_with("{action: reject, code: \"551\"}"));
  EXPECT_EQ(delivered(forged_message()).text, "551 5.7.1 " + std::string{kReason});
  put_in_force(policy_with("{action: tempfail}"));
  EXPECT_EQ(delivered(forged_message()).text, "451 4.7.1 " + std::string{kReason});
}

TEST_F(MilterServerTest, APercentSignInAReplyIsDoubledAsTheProtocolWants) {
  put_in_force(policy_with("{action: reject, text: \"100% {reason} %s %\"}"));
  EXPECT_EQ(delivered(message_from("Ada Lovelace <50%off@freemail.example>")).text,
            "550 5.7.1 100%% Protected Name Ada Lovelace should not appear as "
            "50%%off@freemail.example %%s %%");
}

TEST_F(MilterServerTest, AReplyOfAnyLengthArrivesAndSaysWhereItIsCut) {
  put_in_force(policy_with("{action: reject}"));
  for (const char filler : {'a', '%'}) {
    const std::string address = std::string(2'000, filler) + "@freemail.example";
    const Reply reply = delivered(message_from("Ada Lovelace <" + address + ">"));
    EXPECT_EQ(reply.verdict, Answered::kReplyCode);
    EXPECT_TRUE(reply.text.starts_with("550 5.7.1 Protected Name Ada Lovelace ")) << reply.text;
    EXPECT_TRUE(reply.text.ends_with("...")) << reply.text;
    const auto doubled = static_cast<std::size_t>(std::ranges::count(reply.text, '%')) / 2;
    EXPECT_LE(reply.text.size() - doubled + 2, 512U);
  }
}

TEST_F(MilterServerTest, InboundFieldsOfOursAreRemovedTheHighestIndexFirst) {
  Message message = innocent_message();
  message.headers.insert(message.headers.begin(), {"X-Fromguard-Result", "finding=none"});
  message.headers.emplace_back("x-fromguard-result", "finding=none");
  message.headers.emplace_back("X-Fromguard-Reason", "none");
  const Reply reply = delivered(message);
  EXPECT_EQ(reply.verdict, Answered::kAccept);
  ASSERT_EQ(reply.changes.size(), 3U);
  for (const Change& change : reply.changes) {
    EXPECT_EQ(change.kind, Change::Kind::kChangeHeader);
    EXPECT_TRUE(change.value.empty());
  }
  EXPECT_EQ(names_of(reply.changes), "X-Fromguard-Reason x-fromguard-result X-Fromguard-Result");
  EXPECT_EQ(reply.changes[1].index, 2U);
  EXPECT_EQ(reply.changes[2].index, 1U);
}

TEST_F(MilterServerTest, NothingOfAMessageReachesTheStampUnencoded) {
  for (const char* from : {"Ada Lovelace <\"x\n Bcc: y\"@freemail.example>",
                           "=?utf-8?q?Ada=0D=0ALovelace?= <x@freemail.example>",
                           "Ada Lovelace <\xff\xfe@freemail.example>",
                           "Ada\x01Lovelace\x7f <x@freemail.example>"}) {
    const Reply reply = delivered(message_from(from));
    EXPECT_EQ(reply.changes.size(), 2U) << from;
    for (const Change& change : reply.changes) {
      EXPECT_EQ(change.value.find('\r'), std::string::npos);
      for (std::size_t at = change.value.find('\n'); at != std::string::npos;
           at = change.value.find('\n', at + 1)) {
        EXPECT_EQ(change.value.substr(at + 1, 2), "  ");
      }
      EXPECT_TRUE(
          std::ranges::all_of(unfolded(change.value), [](char c) { return c >= ' ' && c < 0x7f; }));
    }
  }
}

TEST_F(MilterServerTest, SeveralMessagesOfOneConnectionAreJudgedEachByItself) {
  MilterClient client = connected();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.deliver(forged_message()).value().answered, Command::kEndOfMessage);
    EXPECT_EQ(client.deliver(innocent_message()).value().answered, Command::kEndOfHeaders);
  }
  EXPECT_EQ(host().take_reports().size(), 6U);
}

TEST_F(MilterServerTest, TheNextClientOfTheSameConnectionIsServed) {
  MilterClient client = connected();
  EXPECT_EQ(client.deliver(innocent_message()).value().answered, Command::kEndOfHeaders);
  ASSERT_TRUE(client.quit_for_next_client().has_value());
  ASSERT_TRUE(client.connect({}).has_value());
  EXPECT_EQ(client.deliver(forged_message()).value().answered, Command::kEndOfMessage);
  EXPECT_EQ(running().server().connections(), 1U);
}

TEST_F(MilterServerTest, AnAbortedMessageLeavesNothingBehind) {
  MilterClient client = connected();
  const std::vector<std::string> sender{"<a@client.example>"};
  const std::vector<std::string> recipient{"<desk@contoso.com>"};
  ASSERT_TRUE(client.mail(sender).has_value());
  ASSERT_TRUE(client.rcpt(recipient).has_value());
  ASSERT_TRUE(client.header("From", kForgedAda).has_value());
  ASSERT_TRUE(client.header("X-Fromguard-Result", "finding=none").has_value());
  ASSERT_TRUE(client.abort().has_value());
  EXPECT_EQ(client.deliver(innocent_message()).value().answered, Command::kEndOfHeaders);
  EXPECT_EQ(host().take_reports().size(), 1U);
  EXPECT_EQ(running().server().messages_in_flight(), 0U);
}

TEST_F(MilterServerTest, TwoSessionsDoNotMix) {
  MilterClient forger = connected();
  MilterClient other = connected();
  const std::vector<std::string> sender{"<a@client.example>"};
  const std::vector<std::string> recipient{"<desk@contoso.com>"};
  ASSERT_TRUE(forger.mail(sender).has_value());
  ASSERT_TRUE(other.mail(sender).has_value());
  ASSERT_TRUE(forger.rcpt(recipient).has_value());
  ASSERT_TRUE(forger.header("From", kForgedAda).has_value());
  ASSERT_TRUE(forger.flush().has_value());
  ASSERT_TRUE(other.rcpt(recipient).has_value());
  ASSERT_TRUE(other.header("From", "Grace Hopper <grace@navy.example>").has_value());
  EXPECT_EQ(other.end_of_headers().value().verdict, Answered::kAccept);
  EXPECT_EQ(forger.end_of_headers().value().verdict, Answered::kContinue);
  ASSERT_TRUE(other.abort().has_value());
  EXPECT_EQ(other.deliver(innocent_message()).value().verdict, Answered::kAccept);
  EXPECT_EQ(forger.end_of_message().value().changes.size(), 2U);
}

TEST_F(MilterServerTest, TrustedClientsAndAuthenticatedSessionsAreNotInspected) {
  for (const char* trusted : {"10.1.2.3", "2001:db8::9"}) {
    MilterClient client = connected({.host_name = "relay", .address = trusted, .port = 25});
    EXPECT_EQ(client.deliver(forged_message()).value().answered, Command::kEndOfHeaders);
  }
  MilterClient client = connected();
  client.define_macro("{auth_authen}", "ada");
  EXPECT_EQ(client.deliver(forged_message()).value().answered, Command::kEndOfHeaders);
  for (const RecordingHost::Report& report : host().take_reports()) {
    EXPECT_EQ(report.verdict.kind, Verdict::Kind::kSkipped);
  }
  MilterClient unknown = connected({.host_name = "unknown", .address = "", .port = 0});
  EXPECT_EQ(unknown.deliver(forged_message()).value().answered, Command::kEndOfMessage);
}

TEST_F(MilterServerTest, WithoutASnapshotMailIsPutOffOrDeliveredWithAStamp) {
  InForce in_force = known_in_force();
  in_force.detector = nullptr;
  host().put_in_force(in_force);
  const Reply put_off = delivered(innocent_message());
  EXPECT_EQ(put_off.verdict, Answered::kReplyCode);
  EXPECT_TRUE(put_off.text.starts_with("451 4.7.1 ")) << put_off.text;
  in_force.policy = tests::policy_of("version: 1\n");
  host().put_in_force(in_force);
  const Reply stamped = delivered(innocent_message());
  EXPECT_EQ(stamped.verdict, Answered::kAccept);
  ASSERT_EQ(stamped.changes.size(), 1U);
  EXPECT_TRUE(stamped.changes[0].value.starts_with(" degraded=no_snapshot; action=tag;"));
}

TEST_F(MilterServerTest, ConnectionsOverTheLimitAreServedButNotJudged) {
  std::vector<MilterClient> clients;
  for (std::size_t i = 0; i < RunningServer::kMostConnections; ++i) {
    clients.push_back(connected());
  }
  EXPECT_EQ(running().server().connections(), RunningServer::kMostConnections);
  EXPECT_TRUE(delivered(innocent_message()).text.starts_with("451 4.7.1 "));
  const auto reports = host().take_reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].verdict.degradation, Degradation::kConnections);
  EXPECT_EQ(std::ranges::count(host().limits(), "connections"), 1);
  EXPECT_EQ(clients.front().deliver(innocent_message()).value().verdict, Answered::kAccept);
  clients.clear();
  EXPECT_TRUE(running().becomes_idle());
  EXPECT_EQ(delivered(innocent_message()).verdict, Answered::kAccept);
}

TEST_F(MilterServerTest, ConnectionsDoNotTakeTheLastDescriptors) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  // The server has begun, and has what it needs of its own.
  MilterClient served = connected();
  const int next = ::dup(0);
  ASSERT_GE(next, 0);
  ::close(next);
  // A quarter of these is kept, and a client takes one for itself.
  rlimit few = before;
  few.rlim_cur = static_cast<rlim_t>(next) + 8;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  std::vector<MilterClient> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(running().connect());
  }
  EXPECT_FALSE(clients.back().negotiate().has_value());
  EXPECT_GE(std::ranges::count(host().limits(), "descriptors"), 1);
  const auto reply = served.deliver(innocent_message());
  ASSERT_TRUE(reply.has_value()) << reply.error().message;
  EXPECT_EQ(reply->verdict, Answered::kAccept);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  clients.clear();
  EXPECT_EQ(delivered(innocent_message()).verdict, Answered::kAccept);
}

// Nobody waits for an answer that cannot come.
TEST_F(MilterServerTest, WithoutAnyDescriptorWhoeverConnectsIsHungUpOn) {
  // The server has begun, has what it needs of its own, and gives nothing back.
  MilterClient served = connected();
  EXPECT_EQ(served.deliver(innocent_message()).value().verdict, Answered::kAccept);
  std::vector<policy::Descriptor> taken;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = 64;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  while (taken.empty() || taken.back().is_open()) {
    taken.emplace_back(::dup(0));
  }
  taken.resize(taken.size() - 2);
  MilterClient client = running().connect();
  const auto answer = client.read_packet();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, policy::ErrorCode::kNotFound) << answer.error().message;
  EXPECT_GE(std::ranges::count(host().limits(), "descriptors"), 1);
  taken.clear();
  EXPECT_EQ(delivered(innocent_message()).verdict, Answered::kAccept);
}

}  // namespace
}  // namespace gateway

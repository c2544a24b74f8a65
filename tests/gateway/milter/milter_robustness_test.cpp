// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/milter_server.h"
#include "tests/gateway/milter/running_server.h"
#include "tests/support/milter_client.h"
#include "tests/support/milter_protocol.h"
#include "tests/support/milter_reply.h"
#include "tests/support/mta_dialogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using tests::Command;
using tests::Message;
using tests::MilterClient;
using tests::Reply;
using Answered = tests::Reply::Verdict;
using MilterRobustnessTest = MilterServerTest;

// The packets of a session with one forged message, as Postfix sends them.
std::vector<std::string> packets_of_session() {
  tests::MtaDialogue dialogue;
  dialogue.agree(
      {.version = 6, .actions = tests::kAllActions, .steps = kStepsOfGateway, .macros = {}});
  dialogue.define_macro("i", "4ZkQ");
  const std::vector<std::string> sender{"<a@client.example>"};
  const std::vector<std::string> recipient{"<desk@contoso.com>"};
  std::string bytes;
  std::vector<std::string> packets;
  const auto cut = [&](auto /*answer*/) { packets.push_back(std::exchange(bytes, {})); };
  tests::append_packet(bytes, 'O', tests::encode(tests::Negotiation{}));
  cut(0);
  cut(dialogue.connect(bytes, {}));
  cut(dialogue.mail(bytes, sender));
  cut(dialogue.rcpt(bytes, recipient));
  cut(dialogue.header(bytes, "From", kForgedAda));
  cut(dialogue.header(bytes, "Subject", "Hello"));
  cut(dialogue.end_of_headers(bytes));
  cut(dialogue.end_of_message(bytes, ""));
  tests::append_packet(bytes, 'A', "");
  cut(0);
  tests::append_packet(bytes, 'Q', "");
  cut(0);
  return packets;
}

TEST_F(MilterRobustnessTest, AConnectionThatBreaksAnywhereLeavesNothingBehind) {
  const std::vector<std::string> packets = packets_of_session();
  std::string sent;
  for (const std::string& packet : packets) {
    for (const std::size_t part : {std::size_t{0}, std::size_t{2}, packet.size() / 2}) {
      MilterClient client = running().connect();
      ASSERT_TRUE(client.send_raw(sent + packet.substr(0, part)).has_value());
      client.hang_up();
    }
    sent += packet;
  }
  {
    MilterClient client = running().connect();
    ASSERT_TRUE(client.send_raw(sent).has_value());
    client.hang_up();
  }
  EXPECT_TRUE(running().becomes_idle());
  EXPECT_EQ(delivered(innocent_message()).verdict, Answered::kAccept);
}

TEST_F(MilterRobustnessTest, PacketsOutOfOrderAreSurvived) {
  const std::vector<std::string> packets = packets_of_session();
  for (const std::string& first : packets) {
    for (const std::string& second : packets) {
      MilterClient client = running().connect();
      // The milter may have closed by the second packet.
      static_cast<void>(client.send_raw(packets.front() + first + second));
      static_cast<void>(client.send_raw(second + first));
      client.hang_up();
    }
  }
  EXPECT_TRUE(running().becomes_idle());
  EXPECT_EQ(delivered(innocent_message()).verdict, Answered::kAccept);
}

TEST_F(MilterRobustnessTest, OctetsThatAreNoProtocolAreSurvived) {
  for (const std::string& octets : {std::string{"EHLO client.example\r\n"},
                                    std::string(64, '\0'),
                                    std::string(4096, '\xff'),
                                    std::string{"\x00\x00\x00\x05O\x00\x00", 7}}) {
    MilterClient client = running().connect();
    static_cast<void>(client.send_raw(octets));
    client.hang_up();
  }
  EXPECT_TRUE(running().becomes_idle());
  EXPECT_EQ(delivered(forged_message()).answered, Command::kEndOfMessage);
}

// libmilter 8.17 reads beyond the end of such a list for each macro that is not in it.
TEST_F(MilterRobustnessTest, MacrosWithoutAValueAreSurvived) {
  for (int names = 1; names < 64; names += 2) {
    std::string list = "C";
    for (int number = 0; number < names; ++number) {
      list += 'x' + std::to_string(number) + '\0';
    }
    std::string sent = packets_of_session().front();
    tests::append_packet(sent, 'D', list);
    tests::append_packet(sent, 'C', std::string{"client.example\0U", 16});
    MilterClient client = running().connect();
    static_cast<void>(client.send_raw(sent));
    client.hang_up();
  }
  EXPECT_TRUE(running().becomes_idle());
  EXPECT_EQ(delivered(forged_message()).answered, Command::kEndOfMessage);
}

TEST_F(MilterRobustnessTest, AHundredThousandFieldsDoNotHideTheLastOne) {
  Message message;
  message.recipients = {"<desk@contoso.com>"};
  for (int i = 0; i < 100'000; ++i) {
    message.headers.emplace_back("X-Filler-" + std::to_string(i), "filler and more filler");
  }
  message.headers.emplace_back("From", kForgedAda);
  const Reply reply = delivered(message);
  EXPECT_EQ(reply.answered, Command::kEndOfMessage);
  EXPECT_EQ(reply.changes.size(), 2U);
  EXPECT_EQ(std::ranges::count(host().limits(), "header_bytes"), 1);
}

TEST_F(MilterRobustnessTest, AFieldAsLongAsAPacketMayBeIsReadToItsEnd) {
  const std::string tail = " Ada Lovelace <x@freemail.example>";
  constexpr std::size_t kMostOctets = 65'535;  // of a packet, its command included
  const std::size_t around = 1 + std::string_view{"From"}.size() + 2 + tail.size();
  const Reply reply = delivered(message_from(std::string(kMostOctets - around, 'x') + tail));
  EXPECT_EQ(reply.answered, Command::kEndOfMessage);
  ASSERT_EQ(reply.changes.size(), 2U);
  EXPECT_TRUE(reply.changes[1].value.starts_with(" finding=ambiguous_from;"))
      << reply.changes[1].value;
}

}  // namespace
}  // namespace gateway

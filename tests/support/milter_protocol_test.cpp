// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/milter_protocol.h"

#include "tests/support/milter_reply.h"
#include "tests/support/mta_dialogue.h"
#include "tests/support/stream_socket.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace tests {
namespace {

using namespace std::string_literals;  // NOLINT(google-build-using-namespace): NULs in literals

TEST(PacketReader, CutsPacketsWhereverTheStreamIsCut) {
  std::string stream;
  append_packet(stream, 'h', "X\0y\0"s);
  append_packet(stream, 'c', "");
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    PacketReader reader;
    std::vector<Packet> packets;
    for (const std::string& part : {stream.substr(0, cut), stream.substr(cut)}) {
      reader.feed(part);
      for (auto packet = reader.next().value(); packet; packet = reader.next().value()) {
        packets.push_back(*packet);
      }
    }
    ASSERT_EQ(packets.size(), 2U) << cut;
    EXPECT_EQ(packets[0].data, "X\0y\0"s);
    EXPECT_EQ(packets[1].code, 'c');
  }
}

TEST(PacketReader, RefusesImpossibleLengths) {
  for (const std::string& start : {"\0\0\0\0"s, "\x80\0\0\0"s}) {
    PacketReader reader;
    reader.feed(start);
    EXPECT_FALSE(reader.next().has_value());
  }
}

TEST(Negotiation, CarriesTheWantedMacros) {
  const Negotiation said{
      .version = 6,
      .actions = kActionAddHeaders,
      .steps = kStepNoBody,
      .macros = {{MacroStage::kConnect, {"j"}}, {MacroStage::kMail, {"i", "{auth_authen}"}}}};
  const auto heard = parse_negotiation(encode(said));
  ASSERT_TRUE(heard.has_value());
  EXPECT_EQ(heard->steps, kStepNoBody);
  EXPECT_EQ(heard->macros, said.macros);
}

TEST(Negotiation, RefusesWhatIsCutShort) {
  const std::string whole =
      encode({.version = 6, .actions = 0, .steps = 0, .macros = {{MacroStage::kConnect, {"j"}}}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (size != 12) {  // a negotiation without a list of macros
      EXPECT_FALSE(parse_negotiation(whole.substr(0, size)).has_value()) << size;
    }
  }
}

TEST(Reply, ReadsEveryChange) {
  Reply reply;
  const std::vector<Packet> packets{{'i', "\0\0\0\2X-A\0one\0"s},
                                    {'m', "\0\0\0\1Subject\0\0"s},
                                    {'h', "X-B\0two\0"s},
                                    {'p', ""},
                                    {'q', "why\0"s},
                                    {'2', "<a@b>\0NOTIFY=NEVER\0"s},
                                    {'-', "<c@d>\0"s},
                                    {'b', "raw"},
                                    {'y', "550 5.7.1 No\0"s}};
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const auto complete = add_to_reply(reply, packets[i]);
    ASSERT_TRUE(complete.has_value()) << complete.error().message;
    EXPECT_EQ(*complete, i + 1 == packets.size());
  }
  ASSERT_EQ(reply.changes.size(), 7U);
  EXPECT_EQ(reply.changes[0].kind, Change::Kind::kInsertHeader);
  EXPECT_EQ(reply.changes[0].index, 2U);
  EXPECT_EQ(reply.changes[0].name, "X-A");
  EXPECT_EQ(reply.changes[0].value, "one");
  EXPECT_EQ(reply.changes[1].kind, Change::Kind::kChangeHeader);
  EXPECT_EQ(reply.changes[1].value, "");
  EXPECT_EQ(reply.changes[3].kind, Change::Kind::kQuarantine);
  EXPECT_EQ(reply.changes[3].value, "why");
  EXPECT_EQ(reply.changes[4].arguments, "NOTIFY=NEVER");
  EXPECT_EQ(reply.changes[5].value, "<c@d>");
  EXPECT_EQ(reply.text, "550 5.7.1 No");
  EXPECT_TRUE(reply.ends_message());
}

TEST(Reply, RefusesWhatNoMilterMaySend) {
  for (const Packet& packet : {Packet{'Z', ""}, Packet{'m', "\0\0"s}, Packet{'h', "X-A\0"s}}) {
    Reply reply;
    EXPECT_FALSE(add_to_reply(reply, packet).has_value()) << packet.code;
  }
}

TEST(MtaDialogue, SendsMacrosOfADeclinedEnvelopeStageButNotTheCommand) {
  MtaDialogue dialogue;
  dialogue.define_macro("i", "4ZkQ");
  dialogue.agree({.version = 6,
                  .actions = 0,
                  .steps = kStepNoData | kStepNoBody | kStepSilentHeader | kStepLeadingSpace,
                  .macros = {{MacroStage::kEndOfHeaders, {}}}});
  std::string out;
  EXPECT_EQ(dialogue.data(out), MtaDialogue::Answer::kNone);
  EXPECT_EQ(out, "\0\0\0\x09\x44Ti\0"s + "4ZkQ\0"s);
  out.clear();
  EXPECT_EQ(dialogue.body(out, "text"), MtaDialogue::Answer::kNone);
  EXPECT_EQ(out, "");
  EXPECT_EQ(dialogue.header(out, "To", "x"), MtaDialogue::Answer::kNone);
  EXPECT_EQ(out, "\0\0\0\2DL\0\0\0\7LTo\0 x\0"s);
  out.clear();
  EXPECT_EQ(dialogue.end_of_headers(out), MtaDialogue::Answer::kExpected);
}

TEST(MilterAddress, ReadsWhatMiltersWriteAndRefusesTheRest) {
  for (const char* right : {"inet:8897@127.0.0.1", "inet6:8897@::1", "unix:/tmp/x.sock"}) {
    EXPECT_TRUE(parse_milter_address(right).has_value()) << right;
  }
  for (const char* wrong : {"",
                            "inet",
                            "inet:8897",
                            "inet:x@127.0.0.1",
                            "inet:70000@127.0.0.1",
                            "inet:1@::1",
                            "inet6:1@127.0.0.1",
                            "unix:",
                            "fd:3"}) {
    EXPECT_FALSE(parse_milter_address(wrong).has_value()) << wrong;
  }
  EXPECT_FALSE(parse_milter_address("unix:/" + std::string(200, 'x')).has_value());
}

}  // namespace
}  // namespace tests

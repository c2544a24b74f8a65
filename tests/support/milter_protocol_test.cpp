// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/milter_protocol.h"

#include "tests/support/milter_reply.h"
#include "tests/support/mta_dialogue.h"
#include "tests/support/stream_socket.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace tests {
namespace {

using namespace std::string_literals;  // NOLINT(google-build-using-namespace): NULs in literals

Packet packet(char code, std::string data) {
  return {.code = code, .data = std::move(data)};
}

/// What the reader makes of `stream` when it comes in two parts.
std::vector<Packet> read_in_two(const std::string& stream, std::size_t cut) {
  PacketReader reader;
  std::vector<Packet> packets;
  for (const std::string& part : {stream.substr(0, cut), stream.substr(cut)}) {
    reader.feed(part);
    for (auto next = reader.next().value(); next; next = reader.next().value()) {
      packets.push_back(*next);
    }
  }
  return packets;
}

TEST(PacketReader, CutsPacketsWhereverTheStreamIsCut) {
  std::string stream;
  append_packet(stream, 'h', "X\0y\0"s);
  append_packet(stream, 'c', "");
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    std::string read;
    for (const Packet& whole : read_in_two(stream, cut)) {
      append_packet(read, whole.code, whole.data);
    }
    EXPECT_EQ(read, stream) << cut;
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

Change read_change(const Packet& change) {
  Reply reply;
  EXPECT_FALSE(add_to_reply(reply, change).value());
  return reply.changes.at(0);
}

TEST(Reply, ReadsChangesOfHeaderFields) {
  const Change inserted = read_change(packet('i', "\0\0\0\2X-A\0one\0"s));
  EXPECT_EQ(inserted.kind, Change::Kind::kInsertHeader);
  EXPECT_EQ(inserted.index, 2U);
  EXPECT_EQ(inserted.name, "X-A");
  EXPECT_EQ(inserted.value, "one");
  const Change deleted = read_change(packet('m', "\0\0\0\1Subject\0\0"s));
  EXPECT_EQ(deleted.kind, Change::Kind::kChangeHeader);
  EXPECT_EQ(deleted.value, "");
  const Change added = read_change(packet('h', "X-B\0two\0"s));
  EXPECT_EQ(added.kind, Change::Kind::kAddHeader);
  EXPECT_EQ(added.value, "two");
}

TEST(Reply, ReadsChangesOfTheEnvelopeAndTheBody) {
  const Change held = read_change(packet('q', "why\0"s));
  EXPECT_EQ(held.kind, Change::Kind::kQuarantine);
  EXPECT_EQ(held.value, "why");
  const Change added = read_change(packet('2', "<a@b>\0NOTIFY=NEVER\0"s));
  EXPECT_EQ(added.kind, Change::Kind::kAddRecipient);
  EXPECT_EQ(added.arguments, "NOTIFY=NEVER");
  EXPECT_EQ(read_change(packet('-', "<c@d>\0"s)).value, "<c@d>");
  EXPECT_EQ(read_change(packet('b', "raw")).value, "raw");
}

TEST(Reply, IsCompleteWithTheVerdict) {
  Reply reply;
  EXPECT_FALSE(add_to_reply(reply, packet('p', "")).value());
  EXPECT_FALSE(add_to_reply(reply, packet('q', "why\0"s)).value());
  EXPECT_TRUE(add_to_reply(reply, packet('y', "550 5.7.1 No\0"s)).value());
  EXPECT_EQ(reply.text, "550 5.7.1 No");
  EXPECT_EQ(reply.changes.size(), 1U);
  EXPECT_TRUE(reply.ends_message());
}

TEST(Reply, RefusesWhatNoMilterMaySend) {
  for (const Packet& wrong : {packet('Z', ""), packet('m', "\0\0"s), packet('h', "X-A\0"s)}) {
    Reply reply;
    EXPECT_FALSE(add_to_reply(reply, wrong).has_value()) << wrong.code;
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

TEST(MilterAddress, ReadsWhatMiltersWrite) {
  for (const char* right : {"inet:8897@127.0.0.1", "inet6:8897@::1", "unix:/tmp/x.sock"}) {
    EXPECT_TRUE(parse_milter_address(right).has_value()) << right;
  }
}

TEST(MilterAddress, RefusesTheRest) {
  const std::string too_long = "unix:/" + std::string(200, 'x');
  for (const char* wrong : {"",
                            "inet",
                            "inet:8897",
                            "inet:x@127.0.0.1",
                            "inet:70000@127.0.0.1",
                            "inet:1@::1",
                            "inet6:1@127.0.0.1",
                            "unix:",
                            "fd:3",
                            too_long.c_str()}) {
    EXPECT_FALSE(parse_milter_address(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace tests

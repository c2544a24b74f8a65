// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/milter_client.h"

#include "policy/result.h"
#include "tests/support/milter_protocol.h"
#include "tests/support/milter_reply.h"
#include "tests/support/mta_dialogue.h"
#include "tests/support/null_milter_process.h"
#include "tests/support/stream_socket.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

namespace tests {
namespace {

using namespace std::string_literals;  // NOLINT(google-build-using-namespace): NULs in literals
using Verdict = Reply::Verdict;

std::string packet_of(char code, std::string_view data = {}) {
  std::string packet;
  append_packet(packet, code, data);
  return packet;
}

/// A milter of one connection that answers each packet with the octets a test gives.
class ScriptedMilter {
 public:
  using Answer = std::function<std::string(const Packet&)>;

  explicit ScriptedMilter(Answer answer)
      : answer_(std::move(answer)),
        listener_(listen_on(parse_milter_address("inet:0@127.0.0.1").value()).value()),
        address_(milter_address_of(listener_).value()),
        thread_([this] { serve(); }) {}

  ScriptedMilter(const ScriptedMilter&) = delete;
  ScriptedMilter& operator=(const ScriptedMilter&) = delete;
  ScriptedMilter(ScriptedMilter&&) = delete;
  ScriptedMilter& operator=(ScriptedMilter&&) = delete;

  ~ScriptedMilter() { join(); }

  [[nodiscard]] const std::string& address() const { return address_; }

  /// The codes of all packets, after the client has closed.
  std::string heard() {
    join();
    return heard_;
  }

 private:
  void join() {
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  void serve() {
    const Descriptor stream{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    PacketReader packets;
    std::array<char, 4096> buffer{};
    for (;;) {
      const ssize_t got = ::read(stream.get(), buffer.data(), buffer.size());
      if (got <= 0) {
        return;
      }
      packets.feed({buffer.data(), static_cast<std::size_t>(got)});
      for (auto packet = packets.next().value(); packet; packet = packets.next().value()) {
        heard_ += packet->code;
        const std::string bytes = answer_(*packet);
        EXPECT_EQ(::send(stream.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
      }
    }
  }

  Answer answer_;
  Descriptor listener_;
  std::string address_;
  std::string heard_;
  std::thread thread_;
};

/// Answers the negotiation with `steps`, END OF MESSAGE with `end`, the rest with CONTINUE.
ScriptedMilter::Answer script(std::uint32_t steps, std::string end) {
  return [steps, end = std::move(end)](const Packet& packet) -> std::string {
    switch (Command{packet.code}) {
      case Command::kNegotiate:
        return packet_of('O',
                         encode({.version = 6, .actions = 0x31, .steps = steps, .macros = {}}));
      case Command::kEndOfMessage: return end;
      case Command::kMacros:
      case Command::kAbort:
      case Command::kQuit: return {};
      default: return packet_of('c');
    }
  };
}

Message small_message() {
  return {.sender = "<a@client.example>",
          .recipients = {"<b@contoso.com>", "<c@contoso.com>"},
          .headers = {{"From", "Ada <ada@client.example>"}, {"Subject", "Hello"}},
          .body = "Hello.\r\n"};
}

TEST(MilterClient, SpeaksEveryStageAndReturnsTheChanges) {
  ScriptedMilter milter{script(0,
                               packet_of('i', "\0\0\0\0X-Fromguard-Result\0finding=none\0"s) +
                                   packet_of('q', "held\0"s) + packet_of('c'))};
  {
    auto client = MilterClient::open(milter.address()).value();
    ASSERT_TRUE(client.negotiate().has_value());
    EXPECT_EQ(client.connect({}).value().verdict, Verdict::kContinue);
    EXPECT_EQ(client.helo("client.example").value().verdict, Verdict::kContinue);
    const Reply reply = client.deliver(small_message()).value();
    EXPECT_EQ(reply.verdict, Verdict::kContinue);
    EXPECT_EQ(reply.answered, Command::kEndOfMessage);
    ASSERT_EQ(reply.changes.size(), 2U);
    EXPECT_EQ(reply.changes[0].name, "X-Fromguard-Result");
    EXPECT_EQ(reply.changes[1].kind, Change::Kind::kQuarantine);
    ASSERT_TRUE(client.quit().has_value());
  }
  EXPECT_EQ(milter.heard(), "ODCDHDMDRDRDTDLDLDNDEAQ");
}

TEST(MilterClient, LeavesOutRefusedRecipientsAndEndsWhenAllAre) {
  auto refuse = [](const Packet& packet) {
    const bool first = packet.code == 'R' && packet.data.starts_with("<b@");
    return first ? packet_of('r') : script(0, packet_of('a'))(packet);
  };
  {
    const ScriptedMilter milter{refuse};
    auto client = MilterClient::open(milter.address()).value();
    EXPECT_EQ(client.deliver(small_message()).value().verdict, Verdict::kAccept);
  }
  {
    const ScriptedMilter milter{refuse};
    auto client = MilterClient::open(milter.address()).value();
    Message message = small_message();
    message.recipients.pop_back();
    const Reply reply = client.deliver(message).value();
    EXPECT_EQ(reply.verdict, Verdict::kReject);
    EXPECT_EQ(reply.answered, Command::kRcpt);
  }
}

TEST(MilterClient, StopsSendingTheBodyWhenAskedTo) {
  ScriptedMilter milter{[](const Packet& packet) {
    return packet.code == 'B' ? packet_of('s') : script(0, packet_of('a'))(packet);
  }};
  {
    auto client = MilterClient::open(milter.address()).value();
    Message message = small_message();
    message.body.assign(300'000, 'x');
    EXPECT_EQ(client.deliver(message).value().verdict, Verdict::kAccept);
  }
  const std::string heard = milter.heard();
  EXPECT_EQ(std::ranges::count(heard, 'B'), 1);
}

TEST(MilterClient, RefusesANegotiationThatAsksForMoreThanOffered) {
  const ScriptedMilter milter{script(kAllSteps | 0x40000000U, "")};
  auto client = MilterClient::open(milter.address()).value();
  EXPECT_EQ(client.negotiate().error().code, policy::ErrorCode::kInvalidInput);
}

TEST(MilterClient, GivesUpOnASilentMilter) {
  const ScriptedMilter milter{[](const Packet& /*packet*/) { return ""s; }};
  auto client = MilterClient::open(milter.address(), std::chrono::milliseconds{20}).value();
  EXPECT_EQ(client.negotiate().error().code, policy::ErrorCode::kUnavailable);
}

TEST(MilterClient, CutsTheConnectionAtTheOctetAskedFor) {
  ScriptedMilter milter{script(0, packet_of('a'))};
  auto client = MilterClient::open(milter.address()).value();
  ASSERT_TRUE(client.negotiate().has_value());
  std::string two;
  append_packet(two, 'A', "");
  append_packet(two, 'A', "");
  client.cut_after(7);
  EXPECT_EQ(client.send_raw(two).error().code, policy::ErrorCode::kUnavailable);
  EXPECT_FALSE(client.abort().has_value());
  EXPECT_EQ(milter.heard(), "OA");
}

TEST(MilterClient, SendsAnythingRawAndSaysWhenTheMilterClosed) {
  const Descriptor listener = listen_on(parse_milter_address("inet:0@127.0.0.1").value()).value();
  auto client = MilterClient::open(milter_address_of(listener).value()).value();
  Descriptor stream{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
  ASSERT_TRUE(client.send_raw("\xff\xff\xff\xff garbage").has_value());
  std::array<char, 12> got{};
  EXPECT_EQ(::recv(stream.get(), got.data(), got.size(), MSG_WAITALL), 12);
  stream.reset();
  EXPECT_EQ(client.read_packet().error().code, policy::ErrorCode::kNotFound);
}

TEST(MilterClient, SaysWhenNobodyListens) {
  EXPECT_EQ(MilterClient::open("unix:/nonexistent/milter.sock").error().code,
            policy::ErrorCode::kUnavailable);
  EXPECT_EQ(MilterClient::open("nonsense").error().code, policy::ErrorCode::kInvalidInput);
}

TEST(NullMilter, NegotiatesAsTheGatewayDoes) {
  const auto milter = NullMilterProcess::start(NULL_MILTER).value();
  auto client = MilterClient::open(milter.address()).value();
  const Negotiation answer = client.negotiate().value();
  EXPECT_EQ(answer.actions, kActionAddHeaders | kActionChangeHeaders | kActionQuarantine);
  EXPECT_EQ(answer.steps,
            kStepNoHelo | kStepNoUnknown | kStepNoData | kStepNoBody | kStepSilentConnect |
                kStepSilentMail | kStepSilentRcpt | kStepSilentHeader);
  EXPECT_EQ(answer.macros.at(MacroStage::kMail), std::vector<std::string>{"{auth_authen}"});
}

/// The answers to `count` messages, each by the command that was answered.
std::string deliver_all(MilterClient& client, int count) {
  std::string answered;
  for (int message = 0; message < count; ++message) {
    const Reply reply = client.deliver(small_message()).value();
    EXPECT_EQ(reply.verdict, Verdict::kAccept);
    answered += static_cast<char>(reply.answered);
  }
  return answered;
}

TEST(NullMilter, AcceptsEachMessageAtEndOfHeaders) {
  const auto milter = NullMilterProcess::start(NULL_MILTER).value();
  auto client = MilterClient::open(milter.address()).value();
  ASSERT_TRUE(client.negotiate().has_value());
  client.define_macro("i", "4ZkQ");
  EXPECT_EQ(client.connect({}).value().verdict, Verdict::kNone);
  EXPECT_EQ(client.helo("client.example").value().verdict, Verdict::kNone);
  EXPECT_EQ(deliver_all(client, 3), "NNN");
}

TEST(NullMilter, TakesTheNextClientOnTheSameConnection) {
  const auto milter = NullMilterProcess::start(NULL_MILTER).value();
  auto client = MilterClient::open(milter.address()).value();
  ASSERT_TRUE(client.negotiate().has_value());
  ASSERT_TRUE(client.connect({}).has_value());
  EXPECT_EQ(deliver_all(client, 2), "NN");
  ASSERT_TRUE(client.quit_for_next_client().has_value());
  ASSERT_TRUE(client.connect({}).has_value());
  EXPECT_EQ(deliver_all(client, 2), "NN");
  ASSERT_TRUE(client.quit().has_value());
  EXPECT_EQ(client.read_packet().error().code, policy::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace tests

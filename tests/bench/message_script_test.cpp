// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/message_script.h"

#include "tests/support/milter_protocol.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tests {
namespace {

constexpr std::uint32_t kGatewaySteps = kStepNoHelo | kStepNoUnknown | kStepNoData | kStepNoBody |
                                        kStepSilentConnect | kStepSilentMail | kStepSilentRcpt |
                                        kStepSilentHeader;

std::vector<Packet> packets_of(const MessageScript& script,
                               const MessageScript::Step& step,
                               std::string_view from) {
  std::string bytes;
  script.append(bytes, step, from);
  PacketReader reader;
  reader.feed(bytes);
  std::vector<Packet> packets;
  for (auto packet = reader.next().value(); packet; packet = reader.next().value()) {
    if (packet->code != static_cast<char>(Command::kMacros)) {
      packets.push_back(*packet);
    }
  }
  return packets;
}

std::string codes(const std::vector<Packet>& packets) {
  std::string all;
  for (const Packet& packet : packets) {
    all += packet.code;
  }
  return all;
}

TEST(MessageScript, WritesAllThatIsNotAnsweredWithTheEndOfHeaders) {
  const MessageScript script{{.steps = kGatewaySteps, .macros = {}}, {.recipients = 2}};
  EXPECT_TRUE(script.session_steps().empty());
  ASSERT_EQ(script.message_steps().size(), 2U);
  const auto headers = packets_of(script, script.message_steps()[0], "Ada <ada@client.example>");
  EXPECT_EQ(codes(headers), "MRR" + std::string(15, 'L') + "N");
  using namespace std::string_literals;  // NOLINT(google-build-using-namespace): NULs in literals
  EXPECT_EQ(std::ranges::count(headers, "From\0Ada <ada@client.example>\0"s, &Packet::data), 1);
  EXPECT_EQ(codes(packets_of(script, script.message_steps()[1], "")), "E");
}

TEST(MessageScript, WaitsForEveryAnswerOfAMilterThatDeclinesNothing) {
  const MessageScript script{{.steps = 0, .macros = {}}, {.size_bytes = 200'000}};
  EXPECT_EQ(script.session_steps().size(), 2U);
  std::string all;
  for (const MessageScript::Step& step : script.message_steps()) {
    const auto packets = packets_of(script, step, "a@b.example");
    EXPECT_EQ(packets.size(), 1U);
    all += codes(packets);
  }
  EXPECT_EQ(all, "MRT" + std::string(15, 'L') + "NBBBBE");
}

}  // namespace
}  // namespace tests

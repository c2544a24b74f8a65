// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dns/stub_resolver.h"

#include "gateway/authentication/dns/dns_answer.h"
#include "policy/ip_address.h"
#include "policy/result.h"
#include "tests/support/scripted_dns_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using tests::DnsScript;
using tests::ScriptedDnsServer;
using tests::text_data;
using Behaviour = DnsScript::Behaviour;

constexpr std::uint16_t kTxt = 16;

class StubResolverTest : public testing::Test {
 protected:
  StubResolverTest() {
    settings.servers = {server.address()};
    settings.timeout = std::chrono::milliseconds{700};
    settings.on_question = [this](auto, DnsStatus) { ++told; };
  }

  StubResolver& resolver() {
    if (started == nullptr) {
      started = StubResolver::start(settings).value();
    }
    return *started;
  }

  DnsAnswer ask(const std::string& name,
                DnsType type = DnsType::kTxt,
                std::chrono::milliseconds patience = std::chrono::seconds{20}) {
    return resolver().ask({.name = name, .type = type},
                          std::chrono::steady_clock::now() + patience);
  }

  void script_text(const std::string& name, std::string_view text, DnsScript script = {}) {
    script.records = {text_data(text)};
    server.script(name, kTxt, std::move(script));
  }

  ScriptedDnsServer server;
  DnsSettings settings;
  std::atomic<int> told = 0;
  std::unique_ptr<StubResolver> started;
};

TEST_F(StubResolverTest, FindsRecordsAndKeepsThem) {
  script_text("a.example", "v=spf1 -all");
  EXPECT_EQ(ask("a.example").texts, std::vector<std::string>{"v=spf1 -all"});
  EXPECT_EQ(ask("a.example").texts, std::vector<std::string>{"v=spf1 -all"});
  EXPECT_EQ(server.questions(), 1U);
  EXPECT_EQ(told, 1);
}

TEST_F(StubResolverTest, KeepsAbsenceToo) {
  EXPECT_EQ(ask("absent.example").status, DnsStatus::kNoName);
  EXPECT_EQ(ask("absent.example").status, DnsStatus::kNoName);
  server.script("empty.example", kTxt, {.absence_lifetime = 60});
  EXPECT_EQ(ask("empty.example").status, DnsStatus::kNoData);
  EXPECT_EQ(server.questions(), 2U);
}

TEST_F(StubResolverTest, LongRecordsComeOverTcp) {
  const std::string text(3000, 'x');
  script_text("long.example", text, {.behaviour = Behaviour::kTruncation});
  EXPECT_EQ(ask("long.example").texts, std::vector<std::string>{text});
}

TEST_F(StubResolverTest, ServersThatFailAreNoAbsence) {
  server.script("servfail.example", kTxt, {.code = 2});
  server.script("refused.example", kTxt, {.code = 5});
  server.script("nonsense.example", kTxt, {.behaviour = Behaviour::kNonsense});
  server.script("silent.example", kTxt, {.behaviour = Behaviour::kSilence});
  for (const char* name :
       {"servfail.example", "refused.example", "nonsense.example", "silent.example"}) {
    EXPECT_EQ(ask(name).status, DnsStatus::kTemporaryFailure) << name;
  }
}

TEST_F(StubResolverTest, AnAnswerToAnotherQuestionIsNotBelieved) {
  script_text("forged.example", "v=spf1 +all", {.behaviour = Behaviour::kOtherName});
  EXPECT_NE(ask("forged.example").status, DnsStatus::kFound);
}

TEST_F(StubResolverTest, NobodyWaitsLongerThanTheirDeadline) {
  settings.timeout = std::chrono::seconds{30};
  server.script("silent.example", kTxt, {.behaviour = Behaviour::kSilence});
  EXPECT_EQ(ask("silent.example", DnsType::kTxt, std::chrono::milliseconds{20}).status,
            DnsStatus::kTemporaryFailure);
}

TEST_F(StubResolverTest, SilenceHoldsUpNobodyElse) {
  settings.timeout = std::chrono::seconds{30};
  server.script("silent.example", kTxt, {.behaviour = Behaviour::kSilence});
  script_text("a.example", "x");
  for (int i = 0; i < 20; ++i) {
    resolver().prefetch({.name = "silent.example", .type = DnsType::kTxt});
  }
  EXPECT_EQ(ask("a.example").status, DnsStatus::kFound);
}

TEST_F(StubResolverTest, TheSameQuestionAtTheSameTimeIsSentOnce) {
  server.script("servfail.example", kTxt, {.behaviour = Behaviour::kSilence});
  std::vector<std::future<DnsAnswer>> answers;
  answers.reserve(20);
  resolver();
  for (int i = 0; i < 20; ++i) {
    answers.push_back(std::async(std::launch::async, [this] { return ask("servfail.example"); }));
  }
  for (auto& answer : answers) {
    EXPECT_EQ(answer.get().status, DnsStatus::kTemporaryFailure);
  }
  EXPECT_EQ(told, 1);
}

TEST_F(StubResolverTest, EveryQuestionHasAPortOfItsOwn) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(ask("n" + std::to_string(i) + ".example").status, DnsStatus::kNoName);
  }
  // Chance may give a port twice.
  EXPECT_GT(server.client_ports().size(), 45U);
}

TEST_F(StubResolverTest, ManyQuestionsAtOnceAreAllAnswered) {
  std::vector<std::string> names;
  for (int i = 0; i < 400; ++i) {
    names.push_back("n" + std::to_string(i) + ".example");
    script_text(names.back(), names.back());
    resolver().prefetch({.name = names.back(), .type = DnsType::kTxt});
  }
  for (const std::string& name : names) {
    EXPECT_EQ(ask(name).texts, std::vector<std::string>{name});
  }
}

TEST_F(StubResolverTest, AddressesAndAliasesAreRead) {
  server.script(
      "a.example", 1, {.records = {std::string("\xC0\x00\x02\x01", 4)}, .alias = "b.example"});
  EXPECT_EQ(ask("a.example", DnsType::kA).addresses,
            std::vector{policy::parse_ip_address("192.0.2.1").value()});
}

TEST_F(StubResolverTest, OddNamesAreAskedAsTheyAre) {
  script_text("a\\b c%.example", "x");
  EXPECT_EQ(ask("a\\b c%.example").status, DnsStatus::kFound);
  EXPECT_EQ(ask(std::string(64, 'a') + ".example").status, DnsStatus::kNoName);
  EXPECT_EQ(server.questions(), 1U);
}

TEST_F(StubResolverTest, AServerThatIsGoneIsAFailure) {
  {
    const ScriptedDnsServer gone;
    settings.servers = {gone.address()};
  }
  EXPECT_EQ(ask("a.example").status, DnsStatus::kTemporaryFailure);
}

TEST_F(StubResolverTest, AServerMustBeAnAddress) {
  for (const char* name : {"dns.example", "192.0.2.1:", "192.0.2.1:0", "[::1", ""}) {
    settings.servers = {name};
    const auto refused = StubResolver::start(settings);
    ASSERT_FALSE(refused.has_value()) << name;
    EXPECT_EQ(refused.error().code, policy::ErrorCode::kInvalidInput);
  }
  settings.servers = {"::1", "192.0.2.1", "[::1]:5353"};
  EXPECT_TRUE(StubResolver::start(settings).has_value());
}

TEST_F(StubResolverTest, EndsWhileQuestionsAreUnderWay) {
  settings.timeout = std::chrono::seconds{30};
  server.script("silent.example", kTxt, {.behaviour = Behaviour::kSilence});
  resolver().prefetch({.name = "silent.example", .type = DnsType::kTxt});
  started.reset();
}

}  // namespace
}  // namespace gateway

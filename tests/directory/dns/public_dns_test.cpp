// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/dns/public_dns.h"

#include "directory/dns/dns_message.h"
#include "directory/dns/mail_dns.h"
#include "directory/dns/spf_process.h"
#include "directory/dns/spf_words.h"
#include "directory/task.h"
#include "policy/config/name_servers.h"
#include "policy/result.h"
#include "tests/support/scripted_dns_server.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

template <typename T>
T run(Task<T> task) {
  boost::asio::io_context loop;
  std::optional<T> result;
  boost::asio::co_spawn(loop, std::move(task), [&](const std::exception_ptr& failure, T value) {
    EXPECT_EQ(failure, nullptr);
    result = std::move(value);
  });
  loop.run();
  return std::move(result).value();
}

// Nobody listens there.
policy::NameServers nobody() {
  return {.timeout = std::chrono::milliseconds{100}, .servers = {"127.0.0.1:1"}};
}

// A shell script in the place of fromguard-spf-check.
class SpfProcessTest : public ::testing::Test {
 protected:
  SpfAnswer answer_of(std::string_view script) {
    const std::filesystem::path path = folder.path() / "check";
    std::ofstream{path} << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return check_spf_apart({.path = path, .arguments = {"100"}, .most = most},
                           {.domain = "contoso.com", .address = "192.0.2.1"},
                           is_stopped);
  }

  tests::TemporaryFolder folder;
  std::chrono::milliseconds most = std::chrono::seconds{20};
  std::atomic<bool> is_stopped = false;
};

TEST_F(SpfProcessTest, GivesWhatTheProgramSays) {
  const SpfAnswer answer = answer_of(
      "read line; test \"$line\" = '{\"domain\":\"contoso.com\",\"address\":\"192.0.2.1\"}' && "
      "test \"$1\" = 100 && echo '{\"result\":\"pass\",\"explanation\":\"fine\"}'");
  EXPECT_EQ(answer.result, SpfResult::kPass);
  EXPECT_EQ(answer.explanation, "fine");
}

TEST_F(SpfProcessTest, ADeathIsNeverAPass) {
  for (const std::string_view script :
       {"kill -SEGV $$",
        "exit 0",
        R"(printf '{"result":"pass","explanation":"fine"}'; kill -ABRT $$)",
        R"(echo '{"result":"pass"}')",
        R"(echo '{"result":"splendid","explanation":"fine"}')",
        "echo pass",
        "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done"}) {
    const SpfAnswer answer = answer_of(script);
    EXPECT_EQ(answer.result, SpfResult::kTempError) << script;
    EXPECT_NE(answer.explanation.find("made the check fail"), std::string::npos) << script;
  }
}

TEST_F(SpfProcessTest, OneThatIsLateOrNotThereIsATemporaryError) {
  most = std::chrono::milliseconds{1};
  EXPECT_EQ(answer_of("while :; do :; done").explanation, "the check took too long");
  most = std::chrono::seconds{20};
  is_stopped = true;
  EXPECT_EQ(answer_of("while :; do :; done").result, SpfResult::kTempError);
  const SpfAnswer answer = check_spf_apart({.path = "/nowhere/check", .arguments = {}},
                                           {.domain = "contoso.com", .address = "192.0.2.1"},
                                           is_stopped);
  EXPECT_EQ(answer.result, SpfResult::kTempError);
  EXPECT_NE(answer.explanation.find("/nowhere/check cannot be started"), std::string::npos);
}

TEST(SpfWords, ComeBackAsTheyWere) {
  const std::string line =
      spf_answer_line({.result = SpfResult::kSoftFail, .explanation = "a \"b\"\n\xc3\xa9"});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto answer = parse_spf_answer(line);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->result, SpfResult::kSoftFail);
  EXPECT_EQ(answer->explanation, "a \"b\"\n\xc3\xa9");
  const auto request = parse_spf_request(spf_request_line({.domain = "d", .address = "a"}));
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->domain, "d");
  EXPECT_FALSE(parse_spf_request("{\"domain\":\"d\",\"address\":1}").has_value());
}

TEST(PublicDns, SaysWhyThereIsNoAnswer) {
  PublicDns dns{nobody(), "/nowhere/check"};
  EXPECT_EQ(run(dns.mx("contoso.com")).error().code, policy::ErrorCode::kUnavailable);
  EXPECT_EQ(run(dns.addresses("mx.contoso.com")).error().code, policy::ErrorCode::kUnavailable);
  EXPECT_EQ(run(dns.txt("contoso.com")).error().code, policy::ErrorCode::kUnavailable);
  EXPECT_EQ(run(dns.txt("no name")).error().code, policy::ErrorCode::kInvalidInput);
  EXPECT_EQ(run(dns.mx("no name")).error().code, policy::ErrorCode::kInvalidInput);
  EXPECT_EQ(run(dns.spf("contoso.com", "192.0.2.1")).result, SpfResult::kTempError);
}

TEST(PublicDns, GivesTheTextsOfADomain) {
  constexpr unsigned kServerFailure = 2;
  constexpr auto kTxt = static_cast<std::uint16_t>(DnsType::kTxt);
  const std::string record = "v=spf1 " + std::string(300, 'x');
  tests::ScriptedDnsServer server;
  server.script(
      "contoso.com", kTxt, {.records = {tests::text_data(record), tests::text_data("other")}});
  server.script("failing.example", kTxt, {.code = kServerFailure});
  PublicDns dns{{.timeout = std::chrono::seconds{5}, .servers = {server.address()}},
                "/nowhere/check"};
  EXPECT_EQ(run(dns.txt("Contoso.com.")).value(), (std::vector<std::string>{record, "other"}));
  EXPECT_EQ(run(dns.txt("absent.example")).value(), std::vector<std::string>{});
  EXPECT_EQ(run(dns.txt("failing.example")).error().code, policy::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace directory

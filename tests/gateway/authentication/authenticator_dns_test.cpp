// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/authentication_outcome.h"
#include "gateway/authentication/authentication_request.h"
#include "gateway/authentication/authenticator.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/ip_address.h"
#include "tests/support/scripted_dns_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

using tests::DnsScript;
using tests::ScriptedDnsServer;
using Behaviour = DnsScript::Behaviour;

// The authenticator with its own DNS, against a server that may fail.
class AuthenticatorDnsTest : public testing::Test {
 protected:
  AuthenticatorDnsTest() {
    settings.helper = FROMGUARD_HELPER;
    settings.workers = 2;
    settings.dns.servers = {server.address()};
    settings.dns.timeout = std::chrono::seconds{5};
    script("_dmarc.contoso.example", "v=DMARC1; p=reject");
    script("contoso.example", "v=spf1 a:host.contoso.example -all");
    server.script("host.contoso.example", 1, {.records = {std::string("\xC0\x00\x02\x07", 4)}});
  }

  void script(const std::string& name, std::string_view text, Behaviour behaviour = {}) {
    server.script(name, 16, {.behaviour = behaviour, .records = {tests::text_data(text)}});
  }

  AuthenticationOutcome evaluate(std::string_view client = "192.0.2.7",
                                 const std::string& domain = "contoso.example") {
    if (started == nullptr) {
      started = Authenticator::start(settings).value();
    }
    AuthenticationRequest request;
    request.from_domain = domain;
    request.client = policy::parse_ip_address(client);
    request.helo = "mail.contoso.example";
    request.mail_from = "ada@" + domain;
    return started->begin(std::move(request))->finish();
  }

  ScriptedDnsServer server;
  AuthenticationSettings settings;
  std::unique_ptr<Authenticator> started;
};

TEST_F(AuthenticatorDnsTest, GenuineMailPassesAndForgedMailFails) {
  EXPECT_EQ(evaluate().dmarc, DmarcResult::kPass);
  EXPECT_EQ(evaluate("203.0.113.9").dmarc, DmarcResult::kFail);
  EXPECT_EQ(server.questions(), 3U);  // the second time all is known
}

TEST_F(AuthenticatorDnsTest, DnsThatIsSlowIsNotAvailable) {
  settings.header_time = std::chrono::milliseconds{100};
  script("contoso.example", "", Behaviour::kSilence);
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.dmarc, DmarcResult::kTempError);
  EXPECT_TRUE(outcome.is_unavailable);
  EXPECT_FALSE(outcome.has_aligned_pass());
}

TEST_F(AuthenticatorDnsTest, DnsThatFailsIsNotAvailable) {
  server.script("host.contoso.example", 1, {.code = 2});
  const auto outcome = evaluate();
  EXPECT_EQ(outcome.spf, SpfResult::kTempError);
  EXPECT_TRUE(outcome.is_unavailable);
}

TEST_F(AuthenticatorDnsTest, ASlowDomainHoldsUpNoOther) {
  settings.header_time = std::chrono::seconds{30};
  settings.dns.timeout = std::chrono::seconds{20};
  script("_dmarc.slow.example", "", Behaviour::kSilence);
  EXPECT_EQ(evaluate().dmarc, DmarcResult::kPass);
  AuthenticationRequest slow;
  slow.from_domain = "slow.example";
  const auto check = started->begin(std::move(slow));
  EXPECT_EQ(evaluate().dmarc, DmarcResult::kPass);
}

}  // namespace
}  // namespace gateway

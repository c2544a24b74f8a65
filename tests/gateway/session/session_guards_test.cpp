// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/outbound_tenants.h"
#include "gateway/relay_guards/relay_objection.h"
#include "gateway/session/enforcement.h"
#include "gateway/session/judge.h"
#include "gateway/session/session.h"
#include "gateway/session/verdict.h"
#include "policy/config/problems.h"
#include "policy/networks.h"
#include "policy/verdict/finding.h"
#include "tests/gateway/session/recording_host.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Kind = Verdict::Kind;
using Outcome = Enforcement::Outcome;
using Step = Session::HeaderStep;
using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kMonitoring = "version: 1\nmode: monitor\n";
constexpr std::string_view kTenants =
    "tenants:\n"
    "  - {organization: contoso, tenant: aaaaaaaa-1111-1111-1111-111111111111,\n"
    "     header: X-Fromguard-Tenant, secrets: [secret-of-contoso]}\n";

const Headers kOutbound{{"From", "Ada Lovelace <ada@freemail.example>"},
                        {"X-MS-Exchange-CrossTenant-Id", "aaaaaaaa-1111-1111-1111-111111111111"},
                        {"X-MS-Exchange-Organization-SCL", "1"},
                        {"X-Fromguard-Tenant", "secret-of-contoso"}};
const Headers kUnproved{{"From", "Ada Lovelace <ada@contoso.com>"}};
const Headers kLooping{{"Received", "from a.example by mx.example.net for <desk@contoso.com>"},
                       {"From", "Ada Lovelace <ada@freemail.example>"}};
const Headers kInnocent{{"Received", "from a.example by b.example for <desk@contoso.com>"},
                        {"From", "Grace Hopper <grace@navy.example>"}};

std::shared_ptr<const OutboundTenants> tenants_of(std::string_view text) {
  policy::Problems problems;
  auto tenants = OutboundTenants::parse(text, "tenants.yaml", problems);
  EXPECT_TRUE(tenants.has_value()) << problems.text();
  return std::make_shared<const OutboundTenants>(std::move(tenants).value_or(OutboundTenants{}));
}

InForce in_force_with_tenants(std::string_view policy) {
  InForce in_force = known_in_force(policy);
  in_force.outbound_tenants = tenants_of(kTenants);
  return in_force;
}

class SessionGuardsTest : public ::testing::Test {
 protected:
  static SessionSettings test_settings() {
    SessionSettings settings;
    settings.trusted_networks = policy::Networks::parse({"10.0.0.0/8"}).value();
    settings.outbound_daemon = "outbound";
    // The guard of tenants must not go by them.
    settings.degraded.internal_error = policy::ActionKind::kAccept;
    return settings;
  }

  Step begin(const Headers& headers) {
    session_.on_mail("<sender@client.example>", is_authenticated_);
    session_.on_recipient("<desk@contoso.com>");
    for (const auto& [name, value] : headers) {
      session_.on_header(name, value);
    }
    return session_.on_end_of_headers("4ZkQ");
  }

  Enforcement send(const Headers& headers) {
    EXPECT_EQ(begin(headers), Step::kGoOn);
    return session_.on_end_of_message("4ZkQ");
  }

  Verdict reported() {
    auto reports = host_.take_reports();
    EXPECT_EQ(reports.size(), 1U);
    return reports.empty() ? Verdict{} : reports.front().verdict;
  }

  static std::string code_of(const Enforcement& done) {
    return done.reply.has_value() ? done.reply->code + ' ' + done.reply->enhanced_code : "";
  }

  bool is_authenticated_ = false;
  SessionSettings settings_ = test_settings();
  RecordingHost host_{in_force_with_tenants(kEnforcing)};
  Session session_{settings_, host_};
};

class OutboundTest : public SessionGuardsTest {
 protected:
  OutboundTest() { session_.on_connect("192.0.2.1", "mx.example.net", "outbound"); }
};

class LoopTest : public SessionGuardsTest {
 protected:
  LoopTest() { session_.on_connect("192.0.2.1", "mx.example.net", "smtpd"); }
};

TEST_F(OutboundTest, APassedMessageLosesItsProofAndNothingElse) {
  const Enforcement done = send(kOutbound);
  EXPECT_EQ(done.outcome, Outcome::kAccept);
  ASSERT_EQ(done.removed.size(), 2U);
  EXPECT_EQ(done.removed[0].name, "X-Fromguard-Tenant");
  EXPECT_EQ(done.removed[1].name, "X-MS-Exchange-CrossTenant-Id");
  EXPECT_EQ(done.removed[1].occurrence, 1U);
  EXPECT_TRUE(done.added.empty());
  EXPECT_EQ(reported().kind, Kind::kOutbound);
}

TEST_F(OutboundTest, AnUnprovedMessageIsRefused) {
  const Enforcement done = send(kUnproved);
  EXPECT_EQ(done.outcome, Outcome::kReject);
  EXPECT_EQ(code_of(done), "550 5.7.1");
  const Verdict verdict = reported();
  EXPECT_EQ(verdict.kind, Kind::kRefused);
  ASSERT_TRUE(verdict.objection.has_value());
  EXPECT_EQ(verdict.objection->kind, RelayObjection::Kind::kNoTenant);
}

TEST_F(OutboundTest, NothingOfOneMessageProvesTheNext) {
  EXPECT_EQ(send(kOutbound).outcome, Outcome::kAccept);
  EXPECT_EQ(send(kUnproved).outcome, Outcome::kReject);
  session_.on_mail("<sender@client.example>", false);
  session_.on_header(kOutbound[1].first, kOutbound[1].second);
  session_.on_header(kOutbound[3].first, kOutbound[3].second);
  session_.on_abort();
  EXPECT_EQ(send(kUnproved).outcome, Outcome::kReject);
}

TEST_F(OutboundTest, NeitherMonitorModeNorTrustNorALoginIsAProof) {
  host_.put_in_force(in_force_with_tenants(kMonitoring));
  EXPECT_EQ(send(kUnproved).outcome, Outcome::kReject);
  is_authenticated_ = true;
  EXPECT_EQ(send(kUnproved).outcome, Outcome::kReject);
  session_.on_connect("10.1.2.3", "mx.example.net", "outbound");
  EXPECT_EQ(send(kUnproved).outcome, Outcome::kReject);
}

TEST_F(OutboundTest, WithoutTenantsMessagesComeLater) {
  for (const std::string_view policy : {kEnforcing, kMonitoring}) {
    host_.put_in_force(known_in_force(policy));
    const Enforcement done = send(kOutbound);
    EXPECT_EQ(done.outcome, Outcome::kTempFail);
    EXPECT_EQ(code_of(done), "451 4.7.1");
    EXPECT_EQ(reported().degradation, Degradation::kNoOutboundTenants);
  }
}

TEST_F(OutboundTest, WhatFailsIsNeverLetThrough) {
  for (const std::string_view policy : {kEnforcing, kMonitoring}) {
    host_.put_in_force(in_force_with_tenants(policy));
    session_.on_mail("<sender@client.example>", false);
    session_.degrade(Degradation::kConnections);
    EXPECT_EQ(session_.on_end_of_headers("4ZkQ"), Step::kGoOn);
    EXPECT_EQ(code_of(session_.on_end_of_message("4ZkQ")), "451 4.7.1");
    EXPECT_EQ(begin(kOutbound), Step::kGoOn);
    session_.degrade(Degradation::kInternalError);
    EXPECT_EQ(code_of(session_.on_end_of_message("4ZkQ")), "451 4.7.1");
    // No end of header, and no message at all.
    session_.on_mail("<sender@client.example>", false);
    EXPECT_EQ(code_of(session_.on_end_of_message("4ZkQ")), "451 4.7.1");
    EXPECT_EQ(code_of(session_.on_end_of_message("4ZkQ")), "451 4.7.1");
  }
}

TEST_F(OutboundTest, AProvedMessageThatGoesRoundIsRefused) {
  Headers looping = kOutbound;
  looping.push_back(kLooping.front());
  EXPECT_EQ(code_of(send(looping)), "550 5.4.6");
  host_.put_in_force(in_force_with_tenants(kMonitoring));
  EXPECT_EQ(send(looping).removed.size(), 2U);
}

TEST_F(OutboundTest, AnotherDaemonIsInspectedAsEver) {
  session_.on_connect("192.0.2.1", "mx.example.net", "Outbound");
  const Enforcement done = send(kOutbound);
  EXPECT_EQ(done.added.back().name, "X-Fromguard-Result");
}

TEST_F(LoopTest, AMessageThatComesBackIsRefused) {
  EXPECT_EQ(code_of(send(kLooping)), "550 5.4.6");
  const Verdict verdict = reported();
  EXPECT_EQ(verdict.kind, Kind::kRefused);
  EXPECT_TRUE(verdict.findings.empty());
  ASSERT_TRUE(verdict.objection.has_value());
  EXPECT_EQ(verdict.objection->seen, "by mx.example.net for desk@contoso.com");
}

TEST_F(LoopTest, OneThatOthersPassedOnEndsAtTheEndOfItsHeader) {
  EXPECT_EQ(begin(kInnocent), Step::kAccept);
  EXPECT_FALSE(reported().objection.has_value());
}

TEST_F(LoopTest, InMonitorModeALoopIsOnlyNoted) {
  host_.put_in_force(in_force_with_tenants(kMonitoring));
  Headers innocent = kInnocent;
  innocent.push_back(kLooping.front());
  EXPECT_EQ(begin(innocent), Step::kAccept);
  const Verdict verdict = reported();
  EXPECT_EQ(verdict.kind, Kind::kNoFinding);
  EXPECT_TRUE(verdict.objection.has_value());
  EXPECT_EQ(send(kLooping).outcome, Outcome::kAccept);
  EXPECT_EQ(reported().kind, Kind::kFinding);
}

TEST_F(LoopTest, TrustedMailIsNotLookedAt) {
  session_.on_connect("10.1.2.3", "mx.example.net", "smtpd");
  EXPECT_EQ(begin(kLooping), Step::kAccept);
  EXPECT_EQ(reported().kind, Kind::kSkipped);
}

}  // namespace
}  // namespace gateway

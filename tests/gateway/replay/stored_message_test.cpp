// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/stored_message.h"

#include "gateway/session/judge.h"
#include "gateway/session/verdict.h"
#include "policy/verdict/finding.h"
#include "tests/gateway/session/recording_host.h"
#include "tests/support/known_people.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

using Texts = std::vector<std::string>;

constexpr std::size_t kFromOctets = std::size_t{64} * 1024;

StoredMessage read(std::string_view header) {
  return read_stored_message(header, kFromOctets);
}

TEST(StoredMessage, TheEnvelopeIsWhatMtasWroteDown) {
  const StoredMessage message = read(
      "Return-Path: <Bounce@Sender.example>\r\nDelivered-To: ADA@contoso.com\r\n"
      "x-original-to: info@contoso.com\r\nEnvelope-To: a@b.example,\r\n\t<c@d.example>\r\n"
      "To: other@fabrikam.example\r\nFrom: A <a@b.example>\r\nMessage-Id: <1@x>\r\n\r\n");
  EXPECT_EQ(message.mail_from, "Bounce@Sender.example");
  EXPECT_EQ(message.facts.recipients,
            (Texts{"ada@contoso.com", "info@contoso.com", "a@b.example", "c@d.example"}));
  EXPECT_FALSE(message.facts.ask_every_organization);
  EXPECT_EQ(message.message_id, "<1@x>");
  EXPECT_EQ(message.from, "A <a@b.example>");
  EXPECT_EQ(message.fields, 7U);
}

TEST(StoredMessage, WithoutRecipientsEveryOrganizationIsAsked) {
  const StoredMessage message =
      read("From: a@b.example\nTo: ada@contoso.com\nCc: b@contoso.com\nDelivered-To: ada\n\n");
  EXPECT_TRUE(message.facts.recipients.empty());
  EXPECT_TRUE(message.facts.ask_every_organization);
}

// Whether a message over Ada's own address, with these fields on top, is a finding.
bool is_spoofed(const std::string& fields, std::string_view authentication) {
  InForce in_force = known_in_force();
  in_force.policy = tests::policy_of("version: 1\nmode: enforce\n" + std::string{authentication});
  const StoredMessage message =
      read(fields + "Delivered-To: x@contoso.com\nFrom: Ada Lovelace <ada@contoso.com>\n\n");
  const Verdict verdict = judge_stored_message(message, in_force, {});
  return verdict.kind == Verdict::Kind::kFinding &&
         verdict.findings.front().finding.kind == policy::FindingKind::kSpoofedAddress;
}

TEST(StoredMessage, TheTopmostResultsOfATrustedServerAreBelieved) {
  constexpr std::string_view kTrusting =
      "authentication: {trusted_authserv_ids: [mx.contoso.com], trusted_relays: [192.0.2.1/32]}\n";
  const std::string pass =
      "Authentication-Results: mx.contoso.com; dmarc=pass header.from=contoso.com\n";
  const std::string fail =
      "authentication-results: MX.contoso.com;\n\tdmarc=fail header.from=contoso.com\n";
  const std::string of_another =
      "Authentication-Results: mx.freemail.example; dmarc=fail header.from=contoso.com\n";
  EXPECT_TRUE(is_spoofed(fail, kTrusting));
  EXPECT_FALSE(is_spoofed(pass, kTrusting));
  EXPECT_TRUE(is_spoofed(fail + pass, kTrusting));
  EXPECT_FALSE(is_spoofed(pass + fail, kTrusting));
  EXPECT_TRUE(is_spoofed(of_another + fail, kTrusting));
  EXPECT_FALSE(is_spoofed(of_another, kTrusting));
  EXPECT_FALSE(is_spoofed(fail, "")) << "no server is trusted";
}

TEST(StoredMessage, ResultsThatAreKeptAreBounded) {
  std::string header;
  for (int i = 0; i < 1000; ++i) {
    header += "Authentication-Results: mx.contoso.com; none\n";
  }
  EXPECT_EQ(read(header).results.size(), 64U);
  EXPECT_TRUE(read("Authentication-Results: " + std::string(20'000, 'x') + '\n').results.empty());
}

TEST(StoredMessage, WhatIsKeptOfAHostileHeaderIsBounded) {
  const std::string many(100'000, 'x');
  std::string header = "Message-ID: " + many + "\nReturn-Path: " + many + "\nFrom: " + many + '\n';
  for (int i = 0; i < 20'000; ++i) {
    header += "Delivered-To: " + std::to_string(i) + "@contoso.com\n";
  }
  const StoredMessage message = read(header);
  EXPECT_EQ(message.message_id.size(), 1000U);
  EXPECT_EQ(message.mail_from.size(), 1000U);
  EXPECT_EQ(message.from.size(), 1000U);
  EXPECT_EQ(message.facts.recipients.size(), 1000U);
}

TEST(StoredMessage, EnvelopeAddresses) {
  EXPECT_TRUE(envelope_addresses("").empty());
  EXPECT_EQ(envelope_addresses(",, <> , @"), (Texts{"@"}));
  EXPECT_EQ(envelope_addresses(" <A@B.example> ,c@d.example"),
            (Texts{"a@b.example", "c@d.example"}));
}

}  // namespace
}  // namespace gateway

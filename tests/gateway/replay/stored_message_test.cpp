// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/stored_message.h"

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

TEST(StoredMessage, NothingSaysThatItWasAuthenticated) {
  const StoredMessage message =
      read("From: a@b.example\nAuthentication-Results: mx.contoso.com; dmarc=pass\n\n");
  EXPECT_FALSE(message.facts.authentication.has_value());
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

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/exemption.h"

#include "policy/name/match.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/delegated_senders.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/message_senders.h"
#include "tests/policy/verdict/detecting.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace policy {
namespace {

Finding forged(const std::string& address, SenderFieldName field = SenderFieldName::kFrom) {
  Finding finding;
  finding.match = Match::kExact;
  finding.field = field;
  finding.person = "Ada Lovelace";
  finding.person_addresses = {"ada@contoso.com"};
  finding.address = address;
  return finding;
}

// A message from one address with a forged name, by an authenticated domain.
struct Message {
  explicit Message(const std::string& address)
      : senders(senders_of(from_field("Ada Lovelace", address))), findings{forged(address)} {}

  [[nodiscard]] std::string exemption(const ExemptionSwitches& switches = {}) const {
    const auto exempt = exemption_of(findings.front(),
                                     {.senders = senders,
                                      .authentication = authentication,
                                      .recipients = recipients,
                                      .findings = findings,
                                      .delegated_senders = DelegatedSenders::built_in()},
                                     switches);
    return exempt.has_value() ? std::string{word(*exempt)} : "none";
  }

  MessageSenders senders;
  AuthenticationResults authentication{
      .dmarc = AuthenticationResults::Dmarc::kNone, .aligned_pass = true, .dkim_aligned = true};
  std::vector<std::string> recipients{"desk@contoso.com"};
  std::vector<Finding> findings;
};

TEST(Exemption, AServiceOfTheCatalogueMayWriteInItsUsersName) {
  Message message{"dse_na4@docusign.net"};
  EXPECT_EQ(message.exemption(), "delegated_sender");
  EXPECT_EQ(message.exemption({.delegated_senders = false}), "none");
  EXPECT_EQ(Message{"dse_na4@docusign.example"}.exemption(), "none");
  message.authentication = {};
  EXPECT_EQ(message.exemption(), "none");
}

TEST(Exemption, AServiceThatIsAnsweredElsewhereMayNot) {
  Message message{"dse_na4@docusign.net"};
  message.findings.push_back(forged("eve@freemail.example", SenderFieldName::kReplyTo));
  EXPECT_EQ(message.exemption(), "none");
}

TEST(Exemption, AListMayPassOnWhatThePersonWrote) {
  Message message{"dev@lists.example"};
  message.senders.list_domains = {"lists.example"};
  EXPECT_EQ(message.exemption(), "none");
  message.senders.original_senders = {"ada@contoso.com"};
  EXPECT_EQ(message.exemption(), "list");
  EXPECT_EQ(message.exemption({.lists = false}), "none");
  message.senders.original_senders = {"eve@freemail.example"};
  message.senders.reply_to = from_field("", "ada@contoso.com");
  EXPECT_EQ(message.exemption(), "list");
  add_mailbox(message.senders.reply_to, "", "dev@lists.example");
  EXPECT_EQ(message.exemption(), "list");
  add_mailbox(message.senders.reply_to, "", "eve@freemail.example");
  EXPECT_EQ(message.exemption(), "none");
}

TEST(Exemption, AListMustBeSignedByItsDomain) {
  Message message{"dev@lists.example"};
  message.senders.list_domains = {"other.example"};
  message.senders.original_senders = {"ada@contoso.com"};
  EXPECT_EQ(message.exemption(), "none");
  message.senders.list_domains = {"lists.example"};
  message.authentication.dkim_aligned = false;
  EXPECT_EQ(message.exemption(), "none");
}

TEST(Exemption, SelfMailIsExemptOnlyWhereThePolicySaysSo) {
  Message message{"ada.home@freemail.example"};
  message.recipients = {"ada@contoso.com"};
  EXPECT_EQ(message.exemption(), "none");
  EXPECT_EQ(message.exemption({.self_mail = true}), "self_mail");
  message.recipients.emplace_back("desk@contoso.com");
  EXPECT_EQ(message.exemption({.self_mail = true}), "none");
  message.recipients.clear();
  EXPECT_EQ(message.exemption({.self_mail = true}), "none");
}

TEST(Exemption, WhatCanBeReadInSeveralWaysIsNeverExempt) {
  Message message{"dse_na4@docusign.net"};
  add_mailbox(message.senders.from, "", "eve@freemail.example");
  EXPECT_EQ(message.exemption(), "none");
}

}  // namespace
}  // namespace policy

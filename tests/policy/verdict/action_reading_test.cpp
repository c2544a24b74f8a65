// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/config/problems.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

using Texts = std::vector<std::string>;

std::string policy_with(std::string_view then) {
  return "version: 1\nrules:\n- name: a\n  then: {" + std::string{then} + "}\n";
}

std::string told(std::string_view then) {
  Problems problems;
  const auto policy = Policy::parse(policy_with(then), "p", problems);
  EXPECT_EQ(policy.has_value(), !problems.has_errors());
  return problems.text();
}

Decision decided(std::string_view then) {
  Problems problems;
  const auto policy = Policy::parse(policy_with(then), "p", problems);
  EXPECT_TRUE(policy.has_value()) << problems.text();
  if (!policy.has_value()) {
    return {};
  }
  const Finding finding;
  return policy->decide({.finding = finding, .recipients = {}, .today = {}}).value_or(Decision{});
}

bool says(const std::string& all, std::string_view part) {
  return all.contains(part);
}

TEST(ActionReading, RecipientsAreTakenWhereTheActionHasSome) {
  EXPECT_EQ(decided("action: redirect, to: Security@Example.com").to,
            Texts{"security@example.com"});
  EXPECT_EQ(decided("action: copy, to: [b@example.com, a@example.com, a@example.com]").to,
            (Texts{"a@example.com", "b@example.com"}));
  EXPECT_EQ(decided("action: quarantine, to: spoof@example.com").to, Texts{"spoof@example.com"});
  EXPECT_TRUE(decided("action: quarantine").to.empty());
}

TEST(ActionReading, RedirectAndCopyNeedARecipient) {
  EXPECT_EQ(told("action: redirect"),
            "p:4:9: 'action: redirect' needs 'to'; write {action: redirect, to: "
            "security@example.com}\n");
  EXPECT_TRUE(says(told("action: copy"), "'action: copy' needs 'to'"));
  EXPECT_TRUE(says(told("action: copy, to: []"), "empty list"));
  EXPECT_TRUE(says(told("action: copy, to: \"*@example.com\""), "without '*'"));
  EXPECT_TRUE(says(told("action: copy, to: \"a@example.com\\r\\nRCPT TO:<x@y.example>\""),
                   "is no mail address"));
  EXPECT_TRUE(
      says(told("action: tag, to: a@example.com"), "'to' has no effect with 'action: tag'"));
  std::string many = "action: copy, to: [a@example.com";
  for (int i = 0; i < 20; ++i) {
    many += ", a" + std::to_string(i) + "@example.com";
  }
  EXPECT_TRUE(says(told(many + "]"), "over 20 addresses"));
}

TEST(ActionReading, DiscardMustBeAskedForTwice) {
  EXPECT_TRUE(says(told("action: discard"), "p:4:9: 'action: discard' drops messages"));
  EXPECT_TRUE(says(told("action: discard, really: false"), "'really: true'"));
  EXPECT_EQ(told("action: discard, really: true"), "");
  EXPECT_TRUE(says(told("action: reject, really: true"), "'really' has no effect"));
  EXPECT_EQ(decided("action: discard, really: true").action, ActionKind::kDiscard);
}

TEST(ActionReading, ASubjectPrefixIsVisibleText) {
  EXPECT_EQ(decided("action: tag, subject_prefix: \"[Prüfen]\"").subject_prefix, "[Prüfen]");
  EXPECT_TRUE(says(told("subject_prefix: \"\""), "visible text of 1 to 60 octets"));
  EXPECT_TRUE(says(told("subject_prefix: \"a\\r\\nBcc: x@y.example\""), "visible text"));
  EXPECT_TRUE(says(told("subject_prefix: \"a\\u202eb\""), "visible text"));
  EXPECT_TRUE(says(told("subject_prefix: " + std::string(61, 'x')), "visible text"));
  EXPECT_TRUE(says(told("action: expose, subject_prefix: x"), "'subject_prefix' has no effect"));
}

TEST(ActionReading, WhatBreaksSignaturesIsWarnedOf) {
  EXPECT_TRUE(says(told("subject_prefix: \"[!]\""), "p:4:26: warning: DKIM signatures"));
  EXPECT_TRUE(says(told("action: expose"), "p:4:18: warning: 'expose' changes a field"));
  EXPECT_EQ(told("action: tag, headers: {X-Spam-Flag: \"YES\"}"), "");
}

TEST(ActionReading, OfTwoActionsTheStricterIsTheGreater) {
  const std::vector order{ActionKind::kAccept,
                          ActionKind::kTag,
                          ActionKind::kCopy,
                          ActionKind::kExpose,
                          ActionKind::kRedirect,
                          ActionKind::kQuarantine,
                          ActionKind::kTempFail,
                          ActionKind::kDiscard,
                          ActionKind::kReject};
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

}  // namespace
}  // namespace policy

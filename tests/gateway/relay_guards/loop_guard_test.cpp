// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/loop_guard.h"

#include "gateway/relay_guards/relay_objection.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

using Kind = RelayObjection::Kind;

std::string received(std::string_view by, std::string_view recipient, std::string_view id = "1") {
  std::string value = " from a.example by " + std::string{by} + " id " + std::string{id};
  if (!recipient.empty()) {
    value += " for <" + std::string{recipient} + '>';
  }
  return value + "; Mon, 5 Oct 2026 09:30:00 +0000";
}

class LoopGuardTest : public ::testing::Test {
 protected:
  std::optional<Kind> kind_of(const std::vector<std::string>& fields) {
    LoopGuard guard{settings_, "mx1.contoso.com"};
    for (const std::string& field : fields) {
      guard.add(field);
    }
    const auto objection = guard.objection("4ZkQ", recipients_);
    return objection.has_value() ? std::optional{objection->kind} : std::nullopt;
  }

  LoopGuardSettings settings_{.relays = {"mx2.contoso.com"}, .passes = 3};
  std::vector<std::string> recipients_{"desk@contoso.com", "ada@contoso.com"};
};

TEST_F(LoopGuardTest, ASecondPassForTheSameRecipientIsALoop) {
  EXPECT_EQ(kind_of({received("mx1.contoso.com", "ada@contoso.com")}), Kind::kSameRecipient);
  EXPECT_EQ(kind_of({received("MX2.contoso.com.", "Ada@CONTOSO.com")}), Kind::kSameRecipient);
  EXPECT_EQ(kind_of({received("a.example", ""), received("mx1.contoso.com", "desk@contoso.com")}),
            Kind::kSameRecipient);
}

TEST_F(LoopGuardTest, AHostIsKnownWithOrWithoutADomainWhereverItsFieldNamesIt) {
  settings_.relays = {"relay", "mx2.contoso.com"};
  EXPECT_EQ(kind_of({received("Relay", "ada@contoso.com")}), Kind::kSameRecipient);
  EXPECT_EQ(kind_of({received("mx2.contoso.com", "ada@contoso.com", "4.2.1")}),
            Kind::kSameRecipient);
  EXPECT_EQ(kind_of({received("other.example", "ada@contoso.com", "mx2.contoso.com")}),
            std::nullopt);
}

TEST_F(LoopGuardTest, AnotherHostOrAnotherRecipientIsNone) {
  EXPECT_EQ(kind_of({}), std::nullopt);
  EXPECT_EQ(kind_of({received("mx1.contoso.com", "list@contoso.com")}), std::nullopt);
  EXPECT_EQ(kind_of({received("mx3.contoso.com", "ada@contoso.com")}), std::nullopt);
  EXPECT_EQ(kind_of({received("", ""), "", "by"}), std::nullopt);
}

TEST_F(LoopGuardTest, SoManyPassesAreALoopWhoeverTheyWereFor) {
  const std::string ours = received("mx1.contoso.com", "");
  const std::string list = received("mx2.contoso.com", "list@contoso.com");
  EXPECT_EQ(kind_of({ours, list}), std::nullopt);
  EXPECT_EQ(kind_of({ours, list, received("a.example", "")}), std::nullopt);
  EXPECT_EQ(kind_of({ours, list, ours}), Kind::kTooManyPasses);
}

TEST_F(LoopGuardTest, TheFieldOfThisVeryPassIsNone) {
  EXPECT_EQ(kind_of({received("mx1.contoso.com", "ada@contoso.com", "4ZkQ")}), std::nullopt);
}

TEST_F(LoopGuardTest, WithNoPassesThereIsNoGuard) {
  settings_.passes = 0;
  EXPECT_EQ(kind_of({received("mx1.contoso.com", "ada@contoso.com")}), std::nullopt);
}

TEST_F(LoopGuardTest, WhereTheMtaHasNoNameNobodyIsTheMta) {
  LoopGuard guard{settings_, ""};
  guard.add("by ; for <ada@contoso.com>");
  guard.add("from a.example for <ada@contoso.com>");
  EXPECT_FALSE(guard.objection("", recipients_).has_value());
}

TEST_F(LoopGuardTest, WhatIsKeptIsBounded) {
  constexpr std::size_t kMany = 5000;
  LoopGuard guard{settings_, "mx1.contoso.com"};
  for (std::size_t i = 0; i < kMany; ++i) {
    guard.add(received("mx1.contoso.com", ""));
  }
  const auto objection = guard.objection("", recipients_);
  ASSERT_TRUE(objection.has_value());
  EXPECT_EQ(objection->seen, "100 passes");
}

}  // namespace
}  // namespace gateway

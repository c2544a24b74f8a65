// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/authentication.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

using Dmarc = AuthenticationResults::Dmarc;

bool believes(AuthenticationRequirement requirement, Dmarc dmarc, bool aligned_pass) {
  return address_is_authentic(requirement, {.dmarc = dmarc, .aligned_pass = aligned_pass});
}

TEST(AddressIsAuthentic, NeverAsksForNoProof) {
  EXPECT_TRUE(believes(AuthenticationRequirement::kNever, Dmarc::kFail, false));
}

TEST(AddressIsAuthentic, PublishedFailsWithDmarcAlone) {
  constexpr auto kPublished = AuthenticationRequirement::kPublished;
  EXPECT_FALSE(believes(kPublished, Dmarc::kFail, false));
  EXPECT_FALSE(believes(kPublished, Dmarc::kFail, true));
  EXPECT_TRUE(believes(kPublished, Dmarc::kPass, true));
  EXPECT_TRUE(believes(kPublished, Dmarc::kNone, false));
  EXPECT_TRUE(believes(kPublished, Dmarc::kUnknown, false));
}

TEST(AddressIsAuthentic, AlwaysNeedsAPass) {
  constexpr auto kAlways = AuthenticationRequirement::kAlways;
  EXPECT_FALSE(believes(kAlways, Dmarc::kUnknown, false));
  EXPECT_FALSE(believes(kAlways, Dmarc::kNone, false));
  EXPECT_FALSE(believes(kAlways, Dmarc::kFail, false));
  EXPECT_TRUE(believes(kAlways, Dmarc::kPass, false));
  EXPECT_TRUE(believes(kAlways, Dmarc::kNone, true));
}

}  // namespace
}  // namespace policy

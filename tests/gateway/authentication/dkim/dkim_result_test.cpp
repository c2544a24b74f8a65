// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dkim/dkim_result.h"

#include "gateway/authentication/dkim/dkim_signature.h"
#include "gateway/authentication/helper/helper_message.h"

#include <gtest/gtest.h>

namespace gateway {
namespace {

DkimSignature signature() {
  return {.domain = "contoso.example", .selector = "s1", .is_rsa = true};
}

DkimFacts good_facts() {
  DkimFacts facts;
  facts.domain = "Contoso.example";
  facts.selector = "s1";
  facts.is_verified = true;
  facts.key_bits = 2048;
  return facts;
}

TEST(DkimResult, PassesWhatIsVerified) {
  EXPECT_EQ(dkim_result(signature(), good_facts()), DkimResult::kPass);
}

TEST(DkimResult, BelievesNoFactsAboutAnotherSignature) {
  DkimFacts facts = good_facts();
  facts.domain = "attacker.example";
  EXPECT_EQ(dkim_result(signature(), facts), DkimResult::kPermError);
  facts = good_facts();
  facts.selector.clear();
  EXPECT_EQ(dkim_result(signature(), facts), DkimResult::kPermError);
}

TEST(DkimResult, ReliesOnNoWeakSignature) {
  for (bool DkimFacts::* const flag :
       {&DkimFacts::is_test_key, &DkimFacts::is_sha1, &DkimFacts::leaves_body_unsigned}) {
    DkimFacts facts = good_facts();
    facts.*flag = true;
    EXPECT_EQ(dkim_result(signature(), facts), DkimResult::kPolicy);
  }
  DkimFacts facts = good_facts();
  facts.key_bits = 1023;
  EXPECT_EQ(dkim_result(signature(), facts), DkimResult::kPolicy);
}

TEST(DkimResult, TellsFailuresApart) {
  DkimFacts facts = good_facts();
  facts.is_verified = false;
  EXPECT_EQ(dkim_result(signature(), facts), DkimResult::kFail);
  facts.failed_for_now = true;
  EXPECT_EQ(dkim_result(signature(), facts), DkimResult::kTempError);
}

}  // namespace
}  // namespace gateway

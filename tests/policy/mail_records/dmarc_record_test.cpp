// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_records/dmarc_record.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace policy {
namespace {

TEST(DmarcRecord, IsReadWithItsDefaults) {
  const auto record = parse_dmarc_record("v=DMARC1; p=reject");
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->policy, DmarcPolicy::kReject);
  EXPECT_EQ(record->subdomain_policy, std::nullopt);
  EXPECT_EQ(record->dkim, AlignmentMode::kRelaxed);
  EXPECT_EQ(record->spf, AlignmentMode::kRelaxed);
  EXPECT_EQ(record->public_suffix, PublicSuffixClaim::kUnknown);
}

TEST(DmarcRecord, IsReadWhole) {
  const auto record = parse_dmarc_record(
      "v = DMARC1 ;p=Quarantine;sp=reject; np=none; adkim=s; aspf=S; psd=n; t=y; pct=0");
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->policy, DmarcPolicy::kQuarantine);
  EXPECT_EQ(record->subdomain_policy, DmarcPolicy::kReject);
  EXPECT_EQ(record->absent_subdomain_policy, DmarcPolicy::kNone);
  EXPECT_EQ(record->dkim, AlignmentMode::kStrict);
  EXPECT_EQ(record->spf, AlignmentMode::kStrict);
  EXPECT_EQ(record->public_suffix, PublicSuffixClaim::kNo);
  EXPECT_TRUE(record->is_test);
}

TEST(DmarcRecord, AWrongModeTakesItsDefault) {
  const auto record = parse_dmarc_record("v=DMARC1; p=reject; adkim=zzz; ??; aspf=s");
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->policy, DmarcPolicy::kReject);
  EXPECT_EQ(record->dkim, AlignmentMode::kRelaxed);
  EXPECT_EQ(record->spf, AlignmentMode::kStrict);
}

TEST(DmarcRecord, HasAPercentageOfAHundredAtMost) {
  const std::vector<std::pair<std::string, unsigned>> cases{{"", 100},
                                                            {"; pct=0", 0},
                                                            {"; pct = 25 ", 25},
                                                            {"; pct=100", 100},
                                                            {"; pct=101", 100},
                                                            {"; pct=-1", 100},
                                                            {"; pct=5x", 100},
                                                            {"; pct=", 100},
                                                            {"; pct=99999999999", 100},
                                                            {"; PCT=5", 100}};
  for (const auto& [tag, percent] : cases) {
    const auto record = parse_dmarc_record("v=DMARC1; p=reject" + tag);
    ASSERT_TRUE(record.has_value()) << tag;
    EXPECT_EQ(record->percent, percent) << tag;
  }
}

TEST(DmarcRecord, WithoutAPolicyThereIsNone) {
  for (const char* text : {"",
                           "p=reject",
                           "p=reject; v=DMARC1",
                           "v=DMARC1",
                           "v=DMARC1; p=r",
                           "v=DMARC1; sp=reject",
                           "v=DMARC1; p=reject; sp=x",
                           "v=DMARC11; p=reject",
                           "v=dmarc1; p=reject",
                           " v=DMARC1; p=reject",
                           "v=spf1 -all"}) {
    EXPECT_FALSE(parse_dmarc_record(text).has_value()) << text;
  }
}

TEST(DmarcRecord, WhoAsksForReportsIsWatching) {
  const auto record = parse_dmarc_record("v=DMARC1; p=rejekt; rua=mailto:d@contoso.example");
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->policy, DmarcPolicy::kNone);
  EXPECT_FALSE(parse_dmarc_record("v=DMARC1; rua=mailto").has_value());
}

TEST(DmarcRecord, ThereIsExactlyOne) {
  EXPECT_TRUE(choose_dmarc_record({"v=spf1 -all", "v=DMARC1; p=none"}).has_value());
  EXPECT_FALSE(choose_dmarc_record({"v=DMARC1; p=none", "v=DMARC1; p=reject"}).has_value());
  EXPECT_FALSE(choose_dmarc_record({"v=spf1 -all"}).has_value());
}

}  // namespace
}  // namespace policy

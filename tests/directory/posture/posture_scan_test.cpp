// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/posture_scan.h"

#include "directory/posture/finding.h"
#include "directory/posture/scan_record.h"
#include "policy/result.h"
#include "tests/directory/posture/scanned_tenant.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace directory {
namespace {

using tests::ScannedTenant;

constexpr const char* kBatch = "graph POST /v1.0/$batch";
constexpr std::int64_t kHour = 3600;

std::string create_user(const std::string& name) {
  return R"({"operations": [{"op": "create", "kind": "user", "properties": {"userPrincipalName": ")" +
         name + R"(@contoso.example", "displayName": ")" + name + R"(", "mail": ")" + name +
         R"(@contoso.example", "userType": "Member", "accountEnabled": false}}]})";
}

TEST(PostureScan, WhoeverIsGoneHasNoOpenFindingAnyMore) {
  ScannedTenant tenant;
  tenant.control("changes", create_user("eve"));
  ASSERT_TRUE(tenant.scan().has_value());
  EXPECT_EQ(tenant.state("user-account-disabled", "eve@contoso.example"), "open");
  EXPECT_EQ(tenant.record().counts.at("user-account-disabled").open, 1);
  tenant.control("changes", R"({"operations": [{"op": "purge", "user": "eve@contoso.example"}]})");
  ASSERT_TRUE(tenant.scan().has_value());
  EXPECT_EQ(tenant.state("user-account-disabled", "eve@contoso.example"), "resolved");
  EXPECT_EQ(tenant.record().counts.at("user-account-disabled").open, 0);
  EXPECT_EQ(tenant.record().counts.at("user-account-disabled").resolved, 1);
}

TEST(PostureScan, AnOpenFindingStaysOpenWhileItMayNotBeLookedAt) {
  ScannedTenant tenant;
  tenant.control("changes", create_user("eve"));
  ASSERT_TRUE(tenant.scan().has_value());
  tenant.set_roles(R"("Organization.Read.All")");
  ASSERT_TRUE(tenant.scan().has_value());
  EXPECT_EQ(tenant.state("user-account-disabled", "eve@contoso.example"), "open");
  EXPECT_EQ(tenant.state("user-account-disabled", "contoso/Office 365"), "not_evaluated");
  EXPECT_FALSE(tenant.record().unread.empty());
  tenant.set_roles(R"("User.Read.All", "Domain.Read.All")");
  ASSERT_TRUE(tenant.scan().has_value());
  EXPECT_EQ(tenant.state("user-account-disabled", "eve@contoso.example"), "open");
  EXPECT_EQ(tenant.state("user-account-disabled", "contoso/Office 365"), "");
}

TEST(PostureScan, APermissionThatIsMissingIsToldOfTheTenantAndNotAskedForAgain) {
  ScannedTenant tenant{100};
  tenant.set_roles(R"("User.Read.All", "Domain.Read.All", "Calendars.Read")");
  ASSERT_TRUE(tenant.scan().has_value());
  EXPECT_EQ(tenant.state("active-message-rule-forwards-externally", "contoso/Office 365"),
            "not_evaluated");
  EXPECT_EQ(tenant.state("calendar-shared-externally", "contoso/Office 365"), "");
  EXPECT_EQ(tenant.record().counts.at("active-message-rule-forwards-externally").not_evaluated, 1);
}

TEST(PostureScan, OneThatIsInterruptedGoesOnAndRepeatsABatchAtMost) {
  ScannedTenant whole{60};
  ASSERT_TRUE(whole.scan().has_value());
  const std::uint64_t needed = whole.requests(kBatch);
  const std::uint64_t batches = whole.record().batches;
  ASSERT_GT(batches, 5U);

  ScannedTenant cut{60};
  std::uint64_t interruptions = 0;
  cut.cancelled_after = 12;
  while (!cut.scan().has_value()) {
    ++interruptions;
    ASSERT_LT(interruptions, 100U);
    EXPECT_NE(cut.record().phase, ScanPhase::kNone);
  }
  EXPECT_GT(interruptions, 0U);
  EXPECT_EQ(cut.record().number, 1U);
  EXPECT_EQ(cut.record().batches, batches);
  // Each run reads the tenant's domains again, with one batch.
  EXPECT_LE(cut.requests(kBatch), needed + 2 * interruptions);
  EXPECT_EQ(cut.findings().size(), whole.findings().size());
}

TEST(PostureScan, AServiceThatFailsStopsItUntilTheNextTry) {
  ScannedTenant tenant{30};
  tenant.control("faults",
                 R"({"kind": "status", "path": "/v1.0/users", "status": 401, "count": 50})");
  const policy::Result<void> stopped = tenant.scan();
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(tenant.record().phase, ScanPhase::kUsers);
  EXPECT_NE(tenant.record().failure, "");
  tenant.now += kHour;
  tenant.clear_faults();
  ASSERT_TRUE(tenant.scan().has_value());
  EXPECT_EQ(tenant.record().number, 1U);
  EXPECT_EQ(tenant.record().failure, "");
  EXPECT_EQ(tenant.record().finished, tenant.now);
}

TEST(PostureScan, OneThatWaitedForADayBeginsAnew) {
  ScannedTenant tenant{30};
  tenant.cancelled_after = 10;
  ASSERT_FALSE(tenant.scan().has_value());
  tenant.cancelled_after = 0;
  tenant.now += 25 * kHour;
  ASSERT_TRUE(tenant.scan().has_value());
  EXPECT_EQ(tenant.record().number, 2U);
  EXPECT_EQ(tenant.record().mailboxes, tenant.record().mailboxes_done);
}

TEST(PostureScan, AThrottledBatchLosesNothing) {
  ScannedTenant tenant{40};
  tenant.control("throttle", R"({"every": 7, "next_parts": 6, "retry_after": "0.01"})");
  const policy::Result<void> scanned = tenant.scan();
  ASSERT_TRUE(scanned.has_value()) << scanned.error().message;
  EXPECT_EQ(tenant.record().mailboxes, tenant.record().mailboxes_done);
  for (const PostureFinding& finding : tenant.findings()) {
    EXPECT_NE(finding.state, FindingState::kNotEvaluated) << finding.finding << finding.reason;
  }
}

}  // namespace
}  // namespace directory

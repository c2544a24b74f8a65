// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/message_pull.h"

#include "directory/messages/pull_record.h"
#include "policy/result.h"
#include "tests/directory/messages/pulled_tenant.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace directory {
namespace {

using tests::PulledTenant;
using Counts = std::map<std::string, std::uint64_t>;
using Folders = std::map<std::string, std::size_t>;

constexpr const char* kQuarantine = "fromguard quarantine";

std::vector<std::string> first_of(const PulledTenant& tenant, std::ptrdiff_t count) {
  return {tenant.people.begin(), tenant.people.begin() + count};
}

TEST(MessagePull, AllCopiesOfAMailboxArePulledAndRestored) {
  PulledTenant tenant;
  const std::vector<std::string> one{tenant.people[0]};
  for (const char* folder : {"inbox", "junkemail", "deleteditems", "archive", "inbox", "inbox"}) {
    tenant.deliver(one, std::string{R"(,"folder":")"} + folder + '"');
  }
  tenant.deliver(one, R"(,"folder":"sentitems")");
  tenant.deliver(one, R"(,"folder":"drafts","draft":true)");
  const Folders before = tenant.folders();
  tenant.begin(one);
  ASSERT_TRUE(tenant.run().has_value());
  EXPECT_EQ(tenant.counts(), (Counts{{"moved", 6}, {"left_alone", 2}}));
  EXPECT_EQ(tenant.folders(), (Folders{{kQuarantine, 6}, {"Sent Items", 1}, {"Drafts", 1}}));
  tenant.begin_restore();
  ASSERT_TRUE(tenant.run().has_value());
  EXPECT_EQ(tenant.folders(), before);
}

TEST(MessagePull, WhatIsCancelledStaysMovedAndCanBeRestored) {
  PulledTenant tenant{80};
  const auto many = first_of(tenant, 50);
  tenant.deliver(many);
  tenant.begin(many);
  tenant.cancelled_after = 5;
  const auto cancelled = tenant.run();
  ASSERT_FALSE(cancelled.has_value());
  EXPECT_EQ(tenant.record().state, PullState::kCancelled);
  EXPECT_EQ(tenant.counts().at("moved"), 20U);
  tenant.cancelled_after = 0;
  tenant.begin_restore();
  ASSERT_TRUE(tenant.run().has_value());
  EXPECT_EQ(tenant.folders(), (Folders{{"Inbox", 50}}));
}

TEST(MessagePull, AMailboxThatRefusesIsToldAndTheOthersArePulled) {
  PulledTenant tenant;
  const auto three = first_of(tenant, 3);
  tenant.deliver(three);
  tenant.control("posture/mailbox",
                 R"({"user": ")" + three[1] + R"(", "failures": {"mail": {"status": 403}}})");
  tenant.begin(three);
  ASSERT_TRUE(tenant.run().has_value());
  EXPECT_EQ(tenant.counts(), (Counts{{"moved", 2}, {"failed", 1}}));
  ASSERT_EQ(tenant.reasons().size(), 1U);
  EXPECT_NE(tenant.reasons()[0].find("Mail.ReadWrite"), std::string::npos) << tenant.reasons()[0];
}

TEST(MessagePull, WhereTheFolderIsGoneACopyComesBackToTheInbox) {
  PulledTenant tenant;
  const auto one = first_of(tenant, 1);
  tenant.control("mail/folders", R"({"user": ")" + one[0] + R"(", "name": "Invoices"})");
  tenant.deliver(one, R"(,"folder":"Invoices")");
  tenant.begin(one);
  ASSERT_TRUE(tenant.run().has_value());
  tenant.control("mail/folders",
                 R"({"user": ")" + one[0] + R"(", "name": "Invoices", "remove": true})");
  tenant.begin_restore();
  ASSERT_TRUE(tenant.run().has_value());
  EXPECT_EQ(tenant.counts(), (Counts{{"restored", 1}}));
  EXPECT_EQ(tenant.folders(), (Folders{{"Inbox", 1}}));
}

TEST(MessagePull, WhatSomebodyRemovedAfterThePullIsGone) {
  PulledTenant tenant;
  const auto two = first_of(tenant, 2);
  tenant.deliver(two);
  tenant.begin(two);
  ASSERT_TRUE(tenant.run().has_value());
  tenant.control("mail/change",
                 R"({"user": ")" + two[0] + R"(", "message_id": ")" + PulledTenant::kMessageId +
                     R"(", "remove": true})");
  tenant.begin_restore();
  ASSERT_TRUE(tenant.run().has_value());
  EXPECT_EQ(tenant.counts(), (Counts{{"restored", 1}, {"gone", 1}}));
}

TEST(MessagePull, AFolderOfTheSameNameThatIsNotHiddenIsNotUsed) {
  PulledTenant tenant;
  const auto two = first_of(tenant, 2);
  tenant.control("mail/folders",
                 R"({"user": ")" + two[0] + R"(", "name": ")" + kQuarantine + R"("})");
  tenant.deliver(two);
  tenant.begin(two);
  ASSERT_TRUE(tenant.run().has_value());
  EXPECT_EQ(tenant.counts(), (Counts{{"moved", 1}, {"failed", 1}}));
  EXPECT_EQ(tenant.folders(), (Folders{{kQuarantine, 1}, {"Inbox", 1}}));
}

TEST(MessagePull, CopiesThatDisagreeMoveNothing) {
  PulledTenant tenant;
  const auto two = first_of(tenant, 2);
  tenant.deliver(two, R"(,"subject":"Invoice")");
  tenant.deliver({two[1]}, R"(,"subject":"Minutes")");
  tenant.begin(two);
  const auto refused = tenant.run();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, policy::ErrorCode::kConflict);
  EXPECT_EQ(tenant.record().state, PullState::kRefused);
  EXPECT_EQ(tenant.folders(), (Folders{{"Inbox", 3}}));
}

TEST(MessagePull, ThrottledBatchesLoseNothing) {
  PulledTenant tenant{80};
  const auto many = first_of(tenant, 50);
  tenant.deliver(many);
  tenant.control("throttle", R"({"every": 6, "next_parts": 9, "retry_after": "0.01"})");
  tenant.begin(many);
  ASSERT_TRUE(tenant.run().has_value());
  EXPECT_EQ(tenant.counts(), (Counts{{"moved", 50}}));
  EXPECT_EQ(tenant.folders(), (Folders{{kQuarantine, 50}}));
}

TEST(MessagePull, WhatTheTenantRefusesEndsIt) {
  PulledTenant tenant;
  const auto two = first_of(tenant, 2);
  tenant.deliver(two);
  tenant.begin(two);
  tenant.control("faults",
                 R"({"kind": "status", "path": "/v1.0/$batch", "status": 401, "count": 50})");
  const auto stopped = tenant.run();
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(tenant.record().state, PullState::kFailed);
  EXPECT_NE(tenant.record().failure, "");
  EXPECT_EQ(tenant.folders(), (Folders{{"Inbox", 2}}));
}

}  // namespace
}  // namespace directory

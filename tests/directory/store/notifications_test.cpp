// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/directory_key.h"
#include "directory/store/keys.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "tests/directory/store/store_contents.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

class NotificationsTest : public StoreTest {
 protected:
  Records records() { return Records{database()}; }

  void notify(NotificationLevel level,
              std::string_view what,
              std::string_view text,
              std::int64_t time) {
    Notification notification;
    notification.level = level;
    notification.what = what;
    notification.organization = key_.organization;
    notification.directory = key_.directory;
    notification.text = text;
    notification.advice = "wait";
    notification.first = time;
    notification.last = time;
    ASSERT_TRUE(records().notify(notification).has_value());
  }

  std::vector<Notification> all() { return records().notifications(100, 0).value(); }
};

TEST_F(NotificationsTest, CountsUpWhatIsSaidAgain) {
  notify(NotificationLevel::kError, "sync_failed", "It failed.", 100);
  notify(NotificationLevel::kInfo, "protected", "Exchange Online protected.", 150);
  notify(NotificationLevel::kError, "sync_failed", "It failed.", 200);
  reopen();
  const auto told = all();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told.at(0).what, "protected");
  EXPECT_EQ(told.at(0).level, NotificationLevel::kInfo);
  EXPECT_EQ(told.at(0).times, 1U);
  EXPECT_EQ(told.at(1).what, "sync_failed");
  EXPECT_EQ(told.at(1).level, NotificationLevel::kError);
  EXPECT_EQ(told.at(1).text, "It failed.");
  EXPECT_EQ(told.at(1).advice, "wait");
  EXPECT_EQ(told.at(1).first, 100);
  EXPECT_EQ(told.at(1).last, 200);
  EXPECT_EQ(told.at(1).times, 2U);
}

TEST_F(NotificationsTest, AnotherTextIsAnotherNotification) {
  notify(NotificationLevel::kError, "sync_failed", "No network.", 100);
  notify(NotificationLevel::kError, "sync_failed", "No permission.", 200);
  notify(NotificationLevel::kError, "sync_failed", "No network.", 300);
  EXPECT_EQ(all().size(), 3U);
}

TEST_F(NotificationsTest, WhatIsOverIsResolvedAndRaisedAnew) {
  notify(NotificationLevel::kError, "sync_failed", "It failed.", 100);
  notify(NotificationLevel::kWarning, "shrink", "It shrank.", 100);
  notify(NotificationLevel::kInfo, "protected", "Protected.", 100);
  ASSERT_TRUE(records()
                  .resolve_notifications({.organization = "contoso", .directory = "another"})
                  .has_value());
  EXPECT_FALSE(all().at(1).is_resolved);
  ASSERT_TRUE(records().resolve_notifications(key_).has_value());
  EXPECT_FALSE(all().at(0).is_resolved);
  EXPECT_TRUE(all().at(1).is_resolved);
  EXPECT_TRUE(all().at(2).is_resolved);
  notify(NotificationLevel::kError, "sync_failed", "It failed.", 200);
  ASSERT_EQ(all().size(), 4U);
  EXPECT_FALSE(all().front().is_resolved);
}

TEST_F(NotificationsTest, ComeInPagesTheNewestFirst) {
  for (int i = 1; i <= 5; ++i) {
    notify(NotificationLevel::kInfo, "what", std::to_string(i), i);
  }
  const auto first = records().notifications(2, 0).value();
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first.at(0).text, "5");
  EXPECT_EQ(first.at(1).text, "4");
  const auto second = records().notifications(2, first.back().number).value();
  EXPECT_EQ(second.at(0).text, "3");
  EXPECT_EQ(records().notifications(10, second.back().number).value().size(), 1U);
  EXPECT_TRUE(records().notifications(0, 0).value().empty());
}

TEST_F(NotificationsTest, TheOldestBeyondTenThousandAreDropped) {
  StateBatch batch;
  for (std::uint64_t number = 1; number <= 10'000; ++number) {
    batch.put(Table::kNotifications, number_key(number), R"({"l":"i","w":"old","x":"old"})");
  }
  ASSERT_TRUE(database().commit(std::move(batch)).has_value());
  notify(NotificationLevel::kInfo, "new", "new", 1);
  notify(NotificationLevel::kInfo, "newer", "newer", 1);
  const auto told = records().notifications(20'000, 0).value();
  ASSERT_EQ(told.size(), 10'000U);
  EXPECT_EQ(told.front().number, 10'002U);
  EXPECT_EQ(told.back().number, 3U);
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/detections/detection_database.h"

#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "tests/gateway/detections/kept_detections.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace gateway {
namespace {

constexpr std::int64_t kNow = 1'700'000'000'000;
constexpr std::int64_t kHour = 3'600'000;

// Compresses badly, as what senders choose may do.
policy::DetectionRecord record_at(std::int64_t milliseconds, std::mt19937_64& random) {
  policy::DetectionRecord record;
  record.id = policy::Ulid::first_of(milliseconds);
  record.time = milliseconds / 1000;
  record.organization = "contoso";
  record.finding = "protected_name";
  for (int i = 0; i < 40; ++i) {
    record.from += std::to_string(random());
  }
  return record;
}

class DetectionRetentionTest : public ::testing::Test {
 protected:
  std::vector<policy::DetectionRecord> kept() const {
    return kept_detections(folder_.path() / "kept");
  }

  std::unique_ptr<DetectionDatabase> open() const {
    return DetectionDatabase::open(folder_.path() / "kept", retention_).value();
  }

  DetectionRetention retention_;
  tests::TemporaryFolder folder_;
  std::mt19937_64 random_{7};
};

TEST_F(DetectionRetentionTest, WhatIsTooOldGoesWithinAnHour) {
  retention_.age = std::chrono::hours{48};
  auto database = open();
  std::vector<policy::DetectionRecord> records;
  for (std::int64_t i = 0; i < 100; ++i) {
    records.push_back(record_at(kNow + (i * kHour), random_));
  }
  ASSERT_TRUE(database->write(records).has_value());
  // The first is 48 hours and a half old.
  auto removed = database->remove_old(kNow + (48 * kHour) + (kHour / 2));
  ASSERT_TRUE(removed.has_value());
  EXPECT_TRUE(removed->before.is_nil());
  removed = database->remove_old(kNow + (99 * kHour));
  ASSERT_TRUE(removed.has_value());
  EXPECT_EQ(removed->before, records[51].id);
  EXPECT_FALSE(removed->is_early);
  removed = database->remove_old(kNow + (99 * kHour));
  ASSERT_TRUE(removed.has_value());
  EXPECT_TRUE(removed->before.is_nil());
  database.reset();
  const auto left = kept();
  ASSERT_EQ(left.size(), 49U);
  EXPECT_EQ(left.front().id, records[51].id);
  EXPECT_EQ(left.back().id, records[99].id);
}

TEST_F(DetectionRetentionTest, ItNeverTakesMoreRoomThanItMay) {
  retention_.octets = DetectionRetention::kLeastOctets;
  auto database = open();
  std::uint64_t most = 0;
  std::int64_t time = kNow;
  policy::Ulid before;
  // Some 90 MB in all.
  for (int i = 0; i < 110; ++i) {
    std::vector<policy::DetectionRecord> records;
    for (int j = 0; j < 1'000; ++j) {
      records.push_back(record_at(++time, random_));
    }
    ASSERT_TRUE(database->write(records).has_value());
    most = std::max(most, database->octets());
    const auto removed = database->remove_old(time);
    ASSERT_TRUE(removed.has_value()) << removed.error().message;
    EXPECT_TRUE(removed->before.is_nil() || removed->is_early);
    before = std::max(before, removed->before);
  }
  EXPECT_LE(most, retention_.octets);
  database.reset();
  // Without holes: the newest ones, and no less than half of what there is room for.
  const auto left = kept();
  ASSERT_GE(left.size(), 30'000U);
  EXPECT_GE(left.front().id, before);
  EXPECT_EQ(left.back().id, policy::Ulid::first_of(time));
  EXPECT_EQ(left.size(), static_cast<std::size_t>(time - left.front().id.milliseconds() + 1));
}

}  // namespace
}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/clock.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace directory {
namespace {

constexpr std::int64_t kNow = 1'790'000'000;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kTenYears = 3650 * kDay;

TEST(Clock, WhatIsDoneEachPeriodIsDueAfterIt) {
  EXPECT_TRUE(is_due(kNow, 0, kDay));
  EXPECT_TRUE(is_due(kNow, kNow - kDay, kDay));
  EXPECT_FALSE(is_due(kNow, kNow - kDay + 1, kDay));
  EXPECT_FALSE(is_due(kNow, kNow, kDay));
}

TEST(Clock, WhatAWrongClockHasDoneIsNotWaitedForUntilThen) {
  EXPECT_FALSE(is_due(kNow, kNow + 1, kDay));
  EXPECT_FALSE(is_due(kNow, kNow + kDay, kDay));
  EXPECT_TRUE(is_due(kNow, kNow + kTenYears, kDay));
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/failure_backoff.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace directory {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;

TEST(FailureBackoff, DoublesFromASecondToAQuarterOfAnHourAfterFiveFailures) {
  FailureBackoff backoff;
  std::int64_t now = kNow;
  for (int i = 0; i < 4; ++i) {
    backoff.charge("ada", now);
    EXPECT_EQ(backoff.wait("ada", now), 0);
  }
  for (const std::int64_t wait : {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}) {
    backoff.charge("ada", now);
    EXPECT_EQ(backoff.wait("ada", now), wait);
    EXPECT_EQ(backoff.wait("ada", now + wait - 1), 1);
    now += wait;
    EXPECT_EQ(backoff.wait("ada", now), 0);
  }
  EXPECT_EQ(backoff.wait("bob", now), 0);
}

TEST(FailureBackoff, StaysAtItsLongestAfterAnyNumberOfFailures) {
  FailureBackoff backoff;
  for (int i = 0; i < 100'000; ++i) {
    backoff.charge("ada", kNow);
  }
  EXPECT_EQ(backoff.wait("ada", kNow), 900);
}

TEST(FailureBackoff, ForgetsAnHourAfterTheLastFailureAndWhenTold) {
  FailureBackoff backoff;
  for (int i = 0; i < 6; ++i) {
    backoff.charge("ada", kNow);
    backoff.charge("bob", kNow);
  }
  backoff.clear("bob");
  EXPECT_EQ(backoff.wait("bob", kNow), 0);
  backoff.charge("ada", kNow + 3600);
  EXPECT_EQ(backoff.wait("ada", kNow + 3600), 0);
}

TEST(FailureBackoff, TakesBackWhatWasNoFailure) {
  FailureBackoff backoff;
  for (int i = 0; i < 4; ++i) {
    backoff.charge("192.0.2.1", kNow);
  }
  for (int i = 0; i < 10; ++i) {
    backoff.charge("192.0.2.1", kNow);
    EXPECT_EQ(backoff.wait("192.0.2.1", kNow), 1);
    backoff.refund("192.0.2.1");
    EXPECT_EQ(backoff.wait("192.0.2.1", kNow), 0);
  }
  backoff.charge("198.51.100.1", kNow);
  backoff.refund("198.51.100.1");
  backoff.refund("nobody");
  EXPECT_EQ(backoff.size(), 1U);
}

TEST(FailureBackoff, ShutsNobodyOutWhenTheClockIsSetBack) {
  FailureBackoff backoff;
  for (int i = 0; i < 20; ++i) {
    backoff.charge("ada", kNow);
  }
  EXPECT_EQ(backoff.wait("ada", kNow - 86'400), 0);
}

TEST(FailureBackoff, IsBoundedAndForgetsWhatFailedLongestAgo) {
  FailureBackoff backoff{{.capacity = 100}};
  for (int i = 0; i < 10; ++i) {
    backoff.charge("first", kNow);
    backoff.charge("second", kNow);
  }
  for (int i = 0; i < 98; ++i) {
    backoff.charge("key " + std::to_string(i), kNow);
  }
  backoff.charge("first", kNow);
  backoff.charge("one more", kNow);
  EXPECT_EQ(backoff.size(), 100U);
  EXPECT_GT(backoff.wait("first", kNow), 0);
  EXPECT_EQ(backoff.wait("second", kNow), 0);
  for (int i = 0; i < 10'000; ++i) {
    backoff.charge("flood " + std::to_string(i), kNow);
  }
  EXPECT_EQ(backoff.size(), 100U);
  EXPECT_EQ(backoff.wait("newcomer", kNow), 0);
}

TEST(BackoffKeyOfAddress, IsTheNetworkThatOneClientHas) {
  EXPECT_EQ(backoff_key_of_address("192.0.2.1"), backoff_key_of_address("::ffff:192.0.2.1"));
  EXPECT_NE(backoff_key_of_address("192.0.2.1"), backoff_key_of_address("192.0.2.2"));
  EXPECT_EQ(backoff_key_of_address("2001:db8:1:2::1"),
            backoff_key_of_address("2001:db8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(backoff_key_of_address("2001:db8:1:2::1"), backoff_key_of_address("2001:db8:1:3::1"));
  EXPECT_EQ(backoff_key_of_address(""), backoff_key_of_address("nonsense"));
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/latency_histogram.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>

namespace tests {
namespace {

using std::chrono::nanoseconds;

TEST(LatencyHistogram, SaysZeroWhileEmpty) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.quantile(0.99), nanoseconds{0});
  EXPECT_EQ(histogram.max(), nanoseconds{0});
}

TEST(LatencyHistogram, KnowsQuantilesToOnePartInAHundred) {
  LatencyHistogram histogram;
  for (std::int64_t value = 1; value <= 1'000'000; ++value) {
    histogram.record(nanoseconds{value * 17});
  }
  for (const double share : {0.001, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto told = static_cast<double>(histogram.quantile(share).count());
    EXPECT_NEAR(told / (share * 17e6), 1.005, 0.005) << share;
  }
  EXPECT_EQ(histogram.max(), nanoseconds{17'000'000});
}

TEST(LatencyHistogram, FindsTheOneSlowMessageInAHundred) {
  LatencyHistogram histogram;
  for (int i = 0; i < 99; ++i) {
    histogram.record(nanoseconds{100});
  }
  histogram.record(nanoseconds{40'000'000});
  EXPECT_EQ(histogram.quantile(0.99), nanoseconds{100});
  EXPECT_EQ(histogram.quantile(0.999), nanoseconds{40'000'000});
}

TEST(LatencyHistogram, TakesEveryDuration) {
  LatencyHistogram histogram;
  const nanoseconds longest{std::numeric_limits<std::int64_t>::max()};
  histogram.record(nanoseconds{-5});
  histogram.record(longest);
  EXPECT_EQ(histogram.quantile(0.5), nanoseconds{0});
  EXPECT_EQ(histogram.quantile(1.0), longest);
}

TEST(LatencyHistogram, MergesAsIfRecordedInOne) {
  LatencyHistogram first;
  LatencyHistogram second;
  LatencyHistogram both;
  for (std::int64_t value = 0; value < 5'000; ++value) {
    (value % 3 == 0 ? first : second).record(nanoseconds{value * value});
    both.record(nanoseconds{value * value});
  }
  first.merge(second);
  EXPECT_EQ(first.count(), both.count());
  EXPECT_EQ(first.max(), both.max());
  EXPECT_EQ(first.quantile(0.7), both.quantile(0.7));
}

}  // namespace
}  // namespace tests

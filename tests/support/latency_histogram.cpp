// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace tests {
namespace {

// Each power of two is cut into 128 buckets; below 128 every value has its own.
constexpr unsigned kPrecisionBits = 7;
constexpr std::uint64_t kBucketsPerPower = 1ULL << kPrecisionBits;
constexpr std::size_t kBuckets = (63 - kPrecisionBits + 1) * kBucketsPerPower;

std::size_t bucket_of(std::uint64_t value) {
  if (value < kBucketsPerPower) {
    return value;
  }
  const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - kPrecisionBits - 1;
  return (shift * kBucketsPerPower) + (value >> shift);
}

std::int64_t last_value_of(std::size_t bucket) {
  if (bucket < kBucketsPerPower) {
    return static_cast<std::int64_t>(bucket);
  }
  const unsigned shift = static_cast<unsigned>(bucket / kBucketsPerPower) - 1;
  const std::uint64_t mantissa = (bucket % kBucketsPerPower) + kBucketsPerPower;
  return static_cast<std::int64_t>(((mantissa + 1) << shift) - 1);
}

}  // namespace

LatencyHistogram::LatencyHistogram() : buckets_(kBuckets) {}

void LatencyHistogram::record(std::chrono::nanoseconds latency) {
  const std::int64_t value = std::max<std::int64_t>(0, latency.count());
  ++buckets_[bucket_of(static_cast<std::uint64_t>(value))];
  ++count_;
  max_ = std::max(max_, value);
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  std::ranges::transform(buckets_, other.buckets_, buckets_.begin(), std::plus{});
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

std::chrono::nanoseconds LatencyHistogram::quantile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted && seen > 0) {
      return std::chrono::nanoseconds{std::min(last_value_of(bucket), max_)};
    }
  }
  return std::chrono::nanoseconds{0};
}

}  // namespace tests

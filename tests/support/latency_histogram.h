// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace tests {

/// Counts durations in buckets whose width grows with the value, so that any quantile is known to
/// better than one part in a hundred, from nanoseconds to hours, in some 60 KiB.
class LatencyHistogram {
 public:
  LatencyHistogram();

  /// A negative duration counts as zero.
  void record(std::chrono::nanoseconds latency);

  void merge(const LatencyHistogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }

  [[nodiscard]] std::chrono::nanoseconds max() const { return std::chrono::nanoseconds{max_}; }

  /// The smallest latency that `share` (0 to 1) of all records do not exceed, rounded up to the end
  /// of its bucket; zero if there are none.
  [[nodiscard]] std::chrono::nanoseconds quantile(double share) const;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace tests

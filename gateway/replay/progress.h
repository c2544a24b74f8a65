// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace gateway {

/// How far a replay is.
struct ReplayProgress {
  std::uint64_t messages = 0;
  std::uint64_t octets = 0;            ///< read so far
  std::optional<std::uint64_t> total;  ///< octets there are; absent if that is not known beforehand
};

/// One line of at most 79 columns about it: a bar where the total is known.
[[nodiscard]] std::string progress_line(const ReplayProgress& progress);

/// Keeps that line up to date at the bottom of a terminal, ten times a second at most. For one
/// thread.
class ProgressDisplay {
 public:
  /// `terminal` outlives the display; null shows nothing.
  explicit ProgressDisplay(std::ostream* terminal) : terminal_(terminal) {}

  void show(const ReplayProgress& progress);

  /// Takes the line away, before something else is written or at the end.
  void clear();

 private:
  std::ostream* terminal_;
  bool is_shown_ = false;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/progress.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

namespace gateway {
namespace {

constexpr std::chrono::milliseconds kInterval{100};

}  // namespace

std::string progress_line(const ReplayProgress& progress) {
  constexpr std::uint64_t kMebibyte = std::uint64_t{1024} * 1024;
  constexpr std::size_t kBar = 30;
  std::string counts = std::to_string(progress.messages) + " messages, " +
                       std::to_string(progress.octets / kMebibyte) + " MiB";
  const std::optional<std::uint64_t>& total = progress.total;
  if (!total.has_value() || *total == 0) {
    return counts;
  }
  // A file may have grown since its size was asked for.
  const double share =
      std::min(1.0, static_cast<double>(progress.octets) / static_cast<double>(*total));
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBar));
  const int percent = static_cast<int>(share * 100);
  return '[' + std::string(filled, '#') + std::string(kBar - filled, '.') + "] " +
         std::to_string(percent) + " %  " + counts;
}

void ProgressDisplay::show(const ReplayProgress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (terminal_ == nullptr || now < next_) {
    return;
  }
  next_ = now + kInterval;
  clear();
  *terminal_ << progress_line(progress) << std::flush;
  is_shown_ = true;
}

void ProgressDisplay::clear() {
  if (is_shown_) {
    // To the first column, and erase to the end of the line (ECMA-48).
    *terminal_ << "\r\x1b[K" << std::flush;
    is_shown_ = false;
  }
}

}  // namespace gateway

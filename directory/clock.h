// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace directory {

/// The time, in seconds since 1970.
[[nodiscard]] inline std::int64_t now_in_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

/// Whether something that was last done at `then` and is done each `period` is due; all in seconds.
/// What was done in a future further away was done by a clock that was wrong, and is due.
[[nodiscard]] constexpr bool is_due(std::int64_t now, std::int64_t then, std::int64_t period) {
  return now - then >= period || then - now > period;
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/client.h"
#include "directory/task.h"

#include <chrono>
#include <optional>

namespace directory {

/// How long a service asks to be left alone: its Retry-After in seconds, which may have a fraction.
/// Nothing if there is none, or one that is no number.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(const HttpHeaders& headers);

/// How pauses between attempts grow.
struct Backoff {
  std::chrono::milliseconds first;    ///< the longest before the second attempt
  std::chrono::milliseconds longest;  ///< of every pause, asked for or not

  /// The pause after the attempt of this number, counted from 1: what was asked for, or a random
  /// one up to `first`, twice that, four times that ("full jitter").
  [[nodiscard]] std::chrono::milliseconds pause(
      int attempt, std::optional<std::chrono::milliseconds> asked_for) const;
};

/// Waits.
[[nodiscard]] Task<void> wait_for(std::chrono::milliseconds time);

}  // namespace directory

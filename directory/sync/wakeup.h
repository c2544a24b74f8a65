// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/task.h"

#include <chrono>
#include <memory>

namespace directory {

/// Lets coroutines of one thread wait until a time, or until another one wakes them.
class Wakeup {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Wakeup(const Executor& executor);
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  Wakeup(Wakeup&&) = delete;
  Wakeup& operator=(Wakeup&&) = delete;
  ~Wakeup();

  /// Returns at `time` (`Time::max()`: never) or when woken, and now and then for no reason.
  [[nodiscard]] Task<void> wait_until(Time time);

  /// Wakes everybody who waits.
  void wake();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <chrono>
#include <ctime>
#include <system_error>

#include <semaphore.h>

namespace policy {

/// A counting semaphore that wakes one waiter a release. That of g++ 12's library wakes all of
/// them, and each then asks the scheduler for a turn several times before it sleeps again.
/// Thread-safe; a wait for which the system has no means throws std::system_error.
class Semaphore {
 public:
  Semaphore() { static_cast<void>(sem_init(&semaphore_, 0, 0)); }

  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;
  Semaphore(Semaphore&&) = delete;
  Semaphore& operator=(Semaphore&&) = delete;

  /// Nobody waits any more.
  ~Semaphore() { static_cast<void>(sem_destroy(&semaphore_)); }

  /// Lets one more waiter pass. Cannot fail below 2^31 releases that nobody took.
  void release() { static_cast<void>(sem_post(&semaphore_)); }

  void acquire() {
    while (sem_wait(&semaphore_) != 0) {
      require_interruption();
    }
  }

  /// False where nobody released it before `deadline`.
  [[nodiscard]] bool try_acquire_until(std::chrono::steady_clock::time_point deadline) {
    const auto since = deadline.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    const timespec until{.tv_sec = seconds.count(),
                         .tv_nsec = std::chrono::nanoseconds{since - seconds}.count()};
    while (sem_clockwait(&semaphore_, CLOCK_MONOTONIC, &until) != 0) {
      if (errno == ETIMEDOUT) {
        return false;
      }
      require_interruption();
    }
    return true;
  }

  [[nodiscard]] bool try_acquire_for(std::chrono::steady_clock::duration time) {
    return try_acquire_until(std::chrono::steady_clock::now() + time);
  }

 private:
  // A signal ends a wait before its time, and nothing else should.
  static void require_interruption() {
    if (errno != EINTR) {
      throw std::system_error{errno, std::generic_category(), "wait for a semaphore"};
    }
  }

  sem_t semaphore_{};
};

}  // namespace policy

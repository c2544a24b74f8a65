// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/semaphore.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>
#include <vector>

namespace policy {
namespace {

TEST(Semaphore, LetsAsManyPassAsItWasReleased) {
  constexpr std::size_t kWaiters = 8;
  Semaphore semaphore;
  Semaphore passed;
  std::atomic<std::size_t> count = 0;
  std::vector<std::thread> waiters;
  waiters.reserve(kWaiters);
  for (std::size_t i = 0; i < kWaiters; ++i) {
    waiters.emplace_back([&] {
      semaphore.acquire();
      ++count;
      passed.release();
    });
  }
  semaphore.release();
  semaphore.release();
  passed.acquire();
  passed.acquire();
  EXPECT_EQ(count, 2U);
  for (std::size_t i = 2; i < kWaiters; ++i) {
    semaphore.release();
  }
  for (std::thread& waiter : waiters) {
    waiter.join();
  }
  EXPECT_EQ(count, kWaiters);
}

TEST(Semaphore, GivesUpAtTheDeadline) {
  Semaphore semaphore;
  EXPECT_FALSE(semaphore.try_acquire_for(std::chrono::milliseconds{1}));
  EXPECT_FALSE(
      semaphore.try_acquire_until(std::chrono::steady_clock::now() - std::chrono::hours{1}));
  semaphore.release();
  EXPECT_TRUE(semaphore.try_acquire_for(std::chrono::hours{1}));
  EXPECT_FALSE(semaphore.try_acquire_for(std::chrono::milliseconds{1}));
}

}  // namespace
}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/check_workers.h"

#include "gateway/authentication/helper/helper_slot.h"

#include <cstddef>
#include <deque>
#include <filesystem>
#include <functional>
#include <thread>
#include <utility>

namespace gateway {
namespace {

constexpr std::size_t kMostWaiting = 4096;

}  // namespace

CheckWorkers::CheckWorkers(std::size_t threads,
                           std::filesystem::path helper,
                           std::function<void()> on_helper_failure)
    : helper_(std::move(helper)), on_helper_failure_(std::move(on_helper_failure)) {
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { run(); });
  }
}

CheckWorkers::~CheckWorkers() {
  stopping_ = true;
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    wake_.release();
  }
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

bool CheckWorkers::post(Job job) {
  const bool is_taken = waiting_.with([&](std::deque<Job>& waiting) {
    if (waiting.size() >= kMostWaiting) {
      return false;
    }
    waiting.push_back(std::move(job));
    return true;
  });
  if (is_taken) {
    wake_.release();
  }
  return is_taken;
}

void CheckWorkers::run() {
  HelperSlot slot{helper_};
  while (true) {
    wake_.acquire();
    if (stopping_) {
      return;
    }
    const Job job = waiting_.with([](std::deque<Job>& waiting) {
      Job first = std::move(waiting.front());
      waiting.pop_front();
      return first;
    });
    const unsigned long failures = slot.failures();
    job(slot);
    if (slot.failures() != failures && on_helper_failure_ != nullptr) {
      on_helper_failure_();
    }
  }
}

}  // namespace gateway

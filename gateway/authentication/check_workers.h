// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/helper/helper_slot.h"
#include "policy/guarded.h"
#include "policy/semaphore.h"

#include <atomic>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

namespace gateway {

/// Threads that wait for DNS and helpers in the place of callbacks, each with a helper of its own,
/// so that one slow check holds up no other. Thread-safe.
class CheckWorkers {
 public:
  using Job = std::function<void(HelperSlot&)>;

  /// `on_helper_failure` is called from any of the threads; may be empty.
  CheckWorkers(std::size_t threads,
               std::filesystem::path helper,
               std::function<void()> on_helper_failure);

  CheckWorkers(const CheckWorkers&) = delete;
  CheckWorkers& operator=(const CheckWorkers&) = delete;
  CheckWorkers(CheckWorkers&&) = delete;
  CheckWorkers& operator=(CheckWorkers&&) = delete;
  /// Jobs that run end first; those that wait are dropped.
  ~CheckWorkers();

  /// Has a job done by the first thread that is free. False where too many wait: it is not done.
  [[nodiscard]] bool post(Job job);

 private:
  void run();

  std::filesystem::path helper_;
  std::function<void()> on_helper_failure_;
  policy::Guarded<std::deque<Job>> waiting_;
  policy::Semaphore wake_;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <utility>

namespace policy {

/// A value that can only be reached while its mutex is held. The only mutex in the project.
///
/// `Guarded<std::shared_ptr<const X>>` holds "the current X" that readers keep across a swap;
/// std::atomic<std::shared_ptr> is not used because g++ 12's races under the thread sanitizer.
template <typename T>
class Guarded {
 public:
  explicit Guarded(T value = T{}) : value_(std::move(value)) {}

  /// Runs `use` on the value with the lock held, and returns what it returns.
  template <typename Use>
  decltype(auto) with(Use&& use) {
    const std::lock_guard lock{mutex_};
    return std::forward<Use>(use)(value_);
  }

  /// A copy of the value.
  [[nodiscard]] T get() const {
    const std::lock_guard lock{mutex_};
    return value_;
  }

  /// Replaces the value; the old one is destroyed after the lock is released.
  void set(T value) {
    const std::lock_guard lock{mutex_};
    std::swap(value_, value);
  }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace policy

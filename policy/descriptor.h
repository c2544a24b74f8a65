// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>

namespace policy {

/// A file descriptor, closed with its owner. For one thread at a time.
class Descriptor {
 public:
  /// None.
  Descriptor() noexcept = default;

  /// Takes over what a system call has answered: a descriptor, or a negative number for none.
  explicit Descriptor(int number) noexcept : number_(number) {}

  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}

  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() { reset(); }

  [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }

  /// Negative if there is none.
  [[nodiscard]] int get() const noexcept { return number_; }

  /// The descriptor, which is the caller's from now on.
  [[nodiscard]] int release() noexcept { return std::exchange(number_, -1); }

  /// Closes it now.
  void reset() noexcept;

 private:
  int number_ = -1;
};

/// Writes all of `octets` to a file that is open to write. False on failure, and errno says why;
/// some may have been written.
[[nodiscard]] bool write_all(const Descriptor& file, std::string_view octets) noexcept;

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <chrono>
#include <initializer_list>
#include <optional>

namespace directory {

/// Receives signals where the program asks for them, instead of wherever it is.
class Signals {
 public:
  /// Blocks the signals in the calling thread, and so in those it starts later: call it before any.
  [[nodiscard]] static policy::Result<Signals> watch(std::initializer_list<int> signals);

  Signals(Signals&& other) noexcept;
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  Signals& operator=(Signals&&) = delete;
  ~Signals();

  /// Waits at most so long for a signal; nothing if none came. A time that is over does not wait.
  [[nodiscard]] policy::Result<std::optional<int>> wait(std::chrono::milliseconds at_most) const;

 private:
  explicit Signals(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace directory

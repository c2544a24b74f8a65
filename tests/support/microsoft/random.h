// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace tests::microsoft {

/// Numbers that are the same for the same seed.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// From 0 to `count` - 1; `count` is positive.
  [[nodiscard]] std::size_t below(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>{0, count - 1}(engine_);
  }

  /// Whether something happens that happens in this share (0 to 1) of all cases.
  [[nodiscard]] bool happens(double share) {
    return share > 0 && std::uniform_real_distribution<double>{0, 1}(engine_) < share;
  }

  /// A version 4 UUID.
  [[nodiscard]] std::string uuid();

  /// Letters and digits that tell the client nothing.
  [[nodiscard]] std::string opaque_text(std::size_t length);

  /// For the algorithms of the standard library.
  [[nodiscard]] std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace tests::microsoft

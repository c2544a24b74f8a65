// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <utility>

namespace policy {

/// A set of the enumerators of an enumeration that has fewer than 32, counted from 0.
template <typename Enum>
class WordSet {
 public:
  constexpr WordSet() = default;

  constexpr WordSet(std::initializer_list<Enum> words) {
    for (const Enum word : words) {
      insert(word);
    }
  }

  constexpr void insert(Enum word) { bits_ |= bit(word); }

  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }

  [[nodiscard]] constexpr bool contains(Enum word) const { return (bits_ & bit(word)) != 0; }

  [[nodiscard]] constexpr bool includes(const WordSet& other) const {
    return (other.bits_ & ~bits_) == 0;
  }

 private:
  static constexpr std::uint32_t bit(Enum word) {
    return std::uint32_t{1} << static_cast<std::uint32_t>(std::to_underlying(word));
  }

  std::uint32_t bits_ = 0;
};

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace policy {

/// An identifier that sorts by time (the ULID specification): 48 bits of milliseconds since 1970,
/// then 80 bits that tell those of one millisecond apart. Texts sort as the identifiers do.
class Ulid {
 public:
  static constexpr std::size_t kTextOctets = 26;

  /// The nil identifier, which stands for none.
  constexpr Ulid() = default;

  constexpr Ulid(std::uint64_t high, std::uint64_t low) : high_(high), low_(low) {}

  /// Reads 26 letters of Crockford's Base32 in either case; nothing for anything else.
  [[nodiscard]] static std::optional<Ulid> parse(std::string_view text);

  /// The least identifier of this millisecond, for bounds; times beyond the range are cut to it.
  [[nodiscard]] static Ulid first_of(std::int64_t milliseconds);

  /// 26 letters, in upper case.
  [[nodiscard]] std::string text() const;

  /// Milliseconds since 1970.
  [[nodiscard]] std::int64_t milliseconds() const;

  /// The identifier that follows this one.
  [[nodiscard]] Ulid next() const;

  [[nodiscard]] bool is_nil() const { return high_ == 0 && low_ == 0; }

  friend auto operator<=>(const Ulid&, const Ulid&) = default;

 private:
  std::uint64_t high_ = 0;
  std::uint64_t low_ = 0;
};

/// Makes identifiers, each greater than the one before, whatever the clock does. For one thread.
class UlidSequence {
 public:
  /// An identifier for this time, in milliseconds since 1970; its random part is the system's.
  [[nodiscard]] Ulid next(std::int64_t milliseconds);

  /// Makes those that follow greater than `last` too: the last one that an earlier process made.
  void start_after(const Ulid& last);

 private:
  Ulid last_;
};

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/detection_record/ulid.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/random.h>
#include <sys/types.h>

namespace policy {
namespace {

constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr unsigned kBitsOfLetter = 5;
constexpr unsigned kBitsOfWord = 64;
// Of the 48 bits of time, those of the random part in the same word.
constexpr unsigned kRandomBitsOfHigh = 16;
constexpr std::int64_t kLastMillisecond = (std::int64_t{1} << 48U) - 1;

// Crockford's Base32 leaves out I, L, O and U.
std::optional<std::uint64_t> value_of(char letter) {
  const bool is_lower = letter >= 'a' && letter <= 'z';
  const std::size_t found =
      kLetters.find(static_cast<char>(is_lower ? letter - 'a' + 'A' : letter));
  return found == std::string_view::npos ? std::nullopt : std::optional<std::uint64_t>{found};
}

// Nothing where the system has no randomness to give.
std::optional<std::array<std::uint64_t, 2>> random_words() {
  std::array<std::uint64_t, 2> words{};
  const ssize_t got = ::getrandom(words.data(), sizeof words, 0);
  return got == static_cast<ssize_t>(sizeof words) ? std::optional{words} : std::nullopt;
}

}  // namespace

std::optional<Ulid> Ulid::parse(std::string_view text) {
  // 26 letters have two bits more than the identifier.
  if (text.size() != kTextOctets || text.front() < '0' || text.front() > '7') {
    return std::nullopt;
  }
  Ulid read;
  for (const char letter : text) {
    const std::optional<std::uint64_t> value = value_of(letter);
    if (!value.has_value()) {
      return std::nullopt;
    }
    read.high_ = (read.high_ << kBitsOfLetter) | (read.low_ >> (kBitsOfWord - kBitsOfLetter));
    read.low_ = (read.low_ << kBitsOfLetter) | *value;
  }
  return read;
}

Ulid Ulid::first_of(std::int64_t milliseconds) {
  const std::int64_t within = std::clamp(milliseconds, std::int64_t{0}, kLastMillisecond);
  return {static_cast<std::uint64_t>(within) << kRandomBitsOfHigh, 0};
}

std::string Ulid::text() const {
  std::string letters(kTextOctets, '0');
  std::uint64_t high = high_;
  std::uint64_t low = low_;
  constexpr std::uint64_t kMask = (std::uint64_t{1} << kBitsOfLetter) - 1;
  for (std::size_t i = kTextOctets; i > 0; --i) {
    letters[i - 1] = kLetters[low & kMask];
    low = (low >> kBitsOfLetter) | (high << (kBitsOfWord - kBitsOfLetter));
    high >>= kBitsOfLetter;
  }
  return letters;
}

std::int64_t Ulid::milliseconds() const {
  return static_cast<std::int64_t>(high_ >> kRandomBitsOfHigh);
}

Ulid Ulid::next() const {
  const std::uint64_t low = low_ + 1;
  return {low == 0 ? high_ + 1 : high_, low};
}

Ulid UlidSequence::next(std::int64_t milliseconds) {
  const Ulid first = Ulid::first_of(milliseconds);
  const auto random = random_words();
  Ulid made = last_.next();
  if (random.has_value() && first.milliseconds() > last_.milliseconds()) {
    constexpr std::uint64_t kRandomOfHigh = (std::uint64_t{1} << kRandomBitsOfHigh) - 1;
    const auto time = static_cast<std::uint64_t>(first.milliseconds()) << kRandomBitsOfHigh;
    made = {time | ((*random)[0] & kRandomOfHigh), (*random)[1]};
  }
  last_ = made;
  return made;
}

void UlidSequence::start_after(const Ulid& last) {
  last_ = std::max(last_, last);
}

}  // namespace policy

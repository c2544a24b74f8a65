// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/date_time.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace directory {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads a text from left to right; the first thing that does not fit spoils all that follows.
class Reading {
 public:
  explicit Reading(std::string_view text) : rest_(text) {}

  // A number of so many digits, at most `most`.
  unsigned number(std::size_t digits, unsigned most) {
    const std::string_view piece = rest_.substr(0, digits);
    unsigned value = 0;
    const auto read = std::from_chars(piece.data(), piece.data() + piece.size(), value);
    const bool is_whole = read.ec == std::errc{} && std::ranges::all_of(piece, is_digit);
    is_good_ = is_good_ && piece.size() == digits && is_whole && value <= most;
    rest_.remove_prefix(piece.size());
    return value;
  }

  // One of these characters.
  void separator(std::string_view allowed) {
    is_good_ = is_good_ && !rest_.empty() && allowed.find(rest_.front()) != std::string_view::npos;
    rest_.remove_prefix(std::min<std::size_t>(1, rest_.size()));
  }

  bool take(std::string_view allowed) {
    const bool is_there = !rest_.empty() && allowed.find(rest_.front()) != std::string_view::npos;
    rest_.remove_prefix(is_there ? 1 : 0);
    return is_there;
  }

  void skip_digits() {
    rest_.remove_prefix(
        static_cast<std::size_t>(std::ranges::find_if_not(rest_, is_digit) - rest_.begin()));
  }

  [[nodiscard]] bool begins_with(char c) const { return rest_.starts_with(c); }

  [[nodiscard]] bool is_done() const { return is_good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool is_good_ = true;
};

seconds read_clock(Reading& reading) {
  constexpr unsigned kMostSeconds = 60;  // of a minute that ends with a leap second
  const hours hour{reading.number(2, 23)};
  reading.separator(":");
  const minutes minute{reading.number(2, 59)};
  reading.separator(":");
  const seconds second{reading.number(2, kMostSeconds)};
  if (reading.take(".")) {
    reading.skip_digits();
  }
  return hour + minute + second;
}

// How far the clock is ahead of UTC.
seconds read_offset(Reading& reading) {
  const bool is_behind = reading.begins_with('-');
  if (reading.take("Zz") || !reading.take("+-")) {
    return seconds{0};
  }
  const hours hour{reading.number(2, 23)};
  reading.separator(":");
  const minutes minute{reading.number(2, 59)};
  return is_behind ? -(hour + minute) : hour + minute;
}

}  // namespace

std::optional<std::int64_t> parse_date_time(std::string_view text) {
  Reading reading{text};
  const std::chrono::year year{static_cast<int>(reading.number(4, 9999))};
  reading.separator("-");
  const std::chrono::month month{reading.number(2, 12)};
  reading.separator("-");
  const std::chrono::day day{reading.number(2, 31)};
  reading.separator("Tt");
  const seconds clock = read_clock(reading);
  const seconds offset = read_offset(reading);
  const std::chrono::year_month_day date{year, month, day};
  if (!reading.is_done() || !date.ok() || year <= std::chrono::year{1}) {
    return std::nullopt;
  }
  return (std::chrono::sys_days{date}.time_since_epoch() + clock - offset).count();
}

}  // namespace directory

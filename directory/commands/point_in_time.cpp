// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/point_in_time.h"

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

// Nothing unless all of it are digits, few enough that no sum of them overflows.
std::optional<std::int64_t> digits(std::string_view text) {
  constexpr std::size_t kMostDigits = 12;
  const bool are_digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = read.ec == std::errc{} && are_digits && text.size() <= kMostDigits;
  return is_number ? std::optional{number} : std::nullopt;
}

std::optional<std::int64_t> seconds_of_unit(char unit) {
  using std::chrono::seconds;
  switch (unit) {
    case 's': return 1;
    case 'm': return seconds{std::chrono::minutes{1}}.count();
    case 'h': return seconds{std::chrono::hours{1}}.count();
    case 'd': return seconds{std::chrono::days{1}}.count();
    default: return std::nullopt;
  }
}

std::optional<std::int64_t> date(std::string_view text) {
  constexpr std::size_t kOctets = 10;  // YYYY-MM-DD
  constexpr std::size_t kMonth = 5;
  constexpr std::size_t kDay = 8;
  if (text.size() != kOctets || text[kMonth - 1] != '-' || text[kDay - 1] != '-') {
    return std::nullopt;
  }
  const auto year = digits(text.substr(0, kMonth - 1));
  const auto month = digits(text.substr(kMonth, 2));
  const auto day = digits(text.substr(kDay, 2));
  if (!year.has_value() || !month.has_value() || !day.has_value()) {
    return std::nullopt;
  }
  const std::chrono::year_month_day named{std::chrono::year{static_cast<int>(*year)},
                                          std::chrono::month{static_cast<unsigned>(*month)},
                                          std::chrono::day{static_cast<unsigned>(*day)}};
  if (!named.ok()) {
    return std::nullopt;
  }
  return std::chrono::seconds{std::chrono::sys_days{named}.time_since_epoch()}.count();
}

}  // namespace

std::optional<std::int64_t> parse_point_in_time(std::string_view text, std::int64_t now) {
  if (text.empty()) {
    return std::nullopt;
  }
  if (const auto named = date(text); named.has_value()) {
    return named;
  }
  const auto unit = seconds_of_unit(text.back());
  if (!unit.has_value()) {
    return digits(text);
  }
  const auto count = digits(text.substr(0, text.size() - 1));
  return count.has_value() ? std::optional{std::max(std::int64_t{0}, now - (*count * *unit))}
                           : std::nullopt;
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/backoff.h"

#include "directory/http/client.h"
#include "directory/task.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <random>
#include <string>
#include <system_error>

namespace directory {
namespace {

using std::chrono::milliseconds;

constexpr int kMostDoublings = 20;
constexpr double kLongestAsked = 24.0 * 60 * 60;  // seconds

}  // namespace

std::optional<milliseconds> retry_after(const HttpHeaders& headers) {
  const std::string text{find_header(headers, "Retry-After").value_or("")};
  double seconds = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, seconds);
  if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(seconds) || seconds < 0) {
    return std::nullopt;
  }
  return milliseconds{std::llround(std::ceil(std::min(seconds, kLongestAsked) * 1000))};
}

milliseconds Backoff::pause(int attempt, std::optional<milliseconds> asked_for) const {
  if (asked_for) {
    return std::min(*asked_for, longest);
  }
  const int doublings = std::clamp(attempt - 1, 0, kMostDoublings);
  const milliseconds most = std::min(first * (1 << doublings), longest);
  std::random_device random;
  return milliseconds{std::uniform_int_distribution<milliseconds::rep>{0, most.count()}(random)};
}

Task<void> wait_for(milliseconds time) {
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
  timer.expires_after(time);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace directory

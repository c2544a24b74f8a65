// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/following.h"

#include "directory/clock.h"
#include "directory/detections/detections.h"
#include "directory/task.h"
#include "policy/event.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <string_view>

namespace directory {

Task<void> follow_detections(Detections& detections, const policy::EventLog& log) {
  constexpr std::chrono::milliseconds kInterval{1000};
  constexpr std::chrono::milliseconds kIntervalOfTaking{25};
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
  bool has_failed = false;
  while (true) {
    const auto followed = detections.catch_up();
    if (!followed.has_value() && !has_failed) {
      log.write(policy::EventId::kDetectionsUnreadable,
                {{.key = "error", .value = std::string_view{followed.error().message}}});
    }
    has_failed = !followed.has_value();
    const auto is_taking = detections.take_older(now_in_seconds());
    timer.expires_after(is_taking.value_or(false) ? kIntervalOfTaking : kInterval);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace directory

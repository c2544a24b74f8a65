// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/following.h"

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
  constexpr std::chrono::seconds kInterval{1};
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
  bool has_failed = false;
  while (true) {
    const auto followed = detections.catch_up();
    if (!followed.has_value() && !has_failed) {
      log.write(policy::EventId::kDetectionsUnreadable,
                {{.key = "error", .value = std::string_view{followed.error().message}}});
    }
    has_failed = !followed.has_value();
    timer.expires_after(kInterval);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace directory

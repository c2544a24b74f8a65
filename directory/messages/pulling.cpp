// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/pulling.h"

#include "directory/clock.h"
#include "directory/messages/message_puller.h"
#include "directory/task.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace directory {

Task<void> go_on_with_pulls(MessagePuller& puller) {
  constexpr std::chrono::minutes kInterval{1};
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
  while (true) {
    puller.start_due(now_in_seconds());
    timer.expires_after(kInterval);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/wakeup.h"

#include "directory/task.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace directory {

struct Wakeup::State {
  explicit State(const Executor& executor) : timer(executor) {}

  boost::asio::steady_timer timer;
};

Wakeup::Wakeup(const Executor& executor) : state_(std::make_unique<State>(executor)) {}

Wakeup::~Wakeup() = default;

Task<void> Wakeup::wait_until(Time time) {
  // Another time wakes those who wait already; the same one must not, or two would keep each other
  // awake for ever.
  if (state_->timer.expiry() != time) {
    state_->timer.expires_at(time);
  }
  constexpr auto kNoThrow = boost::asio::as_tuple(boost::asio::use_awaitable);
  co_await state_->timer.async_wait(kNoThrow);
}

void Wakeup::wake() {
  state_->timer.cancel();
}

}  // namespace directory

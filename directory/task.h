// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace directory {

/// What a coroutine of this daemon returns. All of them run on the one thread of the daemon.
template <typename T>
using Task = boost::asio::awaitable<T>;

/// Where coroutines and timers run.
using Executor = boost::asio::any_io_executor;

}  // namespace directory

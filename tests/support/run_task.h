// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/task.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace tests {

/// Runs a coroutine to its end on `io` and gives what it returns; throws what it throws.
template <typename T>
T run_task(boost::asio::io_context& io, directory::Task<T> task) {
  std::optional<T> returned;
  std::exception_ptr thrown;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, T value) {
    thrown = error;
    returned.emplace(std::move(value));
  });
  io.restart();
  while (!returned.has_value() && io.run_one() > 0) {
  }
  if (thrown) {
    std::rethrow_exception(thrown);
  }
  return *std::move(returned);
}

}  // namespace tests

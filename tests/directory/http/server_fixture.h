// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/server.h"
#include "directory/task.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace directory {

/// Says what it was asked and by whom; throws at /throw.
[[nodiscard]] Task<ServedResponse> echo(ServedRequest request);

/// A server whose loop runs on a thread of its own.
class ServerFixture : public ::testing::Test {
 protected:
  ~ServerFixture() override;

  /// Lets the loop run.
  void run();

  /// Ends the loop; the server stays.
  void stop();

  /// Runs `work` on the loop's thread and waits for its end.
  void on_loop(const std::function<void()>& work);

  /// Serves on a free port of 127.0.0.1, and lets the loop run. The address, as clients take it.
  [[nodiscard]] std::string serve(HttpHandler handler,
                                  HttpLimits limits = {},
                                  std::optional<TlsFiles> tls = {});

  tests::TemporaryFolder folder_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::thread thread_;
  std::unique_ptr<HttpServer> server_;
};

/// Whether `condition` holds within ten seconds.
[[nodiscard]] bool becomes_true(const std::function<bool()>& condition);

}  // namespace directory

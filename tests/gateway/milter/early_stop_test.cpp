// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/listening_socket.h"
#include "gateway/milter/milter_server.h"
#include "gateway/session/session.h"
#include "gateway/settings.h"
#include "policy/event.h"
#include "tests/gateway/session/recording_host.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

namespace gateway {
namespace {

// The exit status of a server that is told to stop before it has begun to serve.
int status_of_stop_before_run() {
  const tests::TemporaryFolder folder;
  ListenAddress address;
  address.path = folder.path() / "milter.sock";
  address.family = ListenAddress::Family::kUnix;
  ListeningSocket socket = ListeningSocket::open(address, "").value();
  const SessionSettings settings;
  RecordingHost host{known_in_force()};
  const policy::EventLog log{policy::LogLevel::kError, policy::LogFormat::kText};
  MilterServer server{socket, settings, host, log, 1};
  if (!server.prepare().has_value() || !socket.stop_accepting().has_value()) {
    return 2;
  }
  std::atomic<bool> is_stopped{false};
  std::thread stopping{[&] {
    server.stop();
    is_stopped = true;
  }};
  // Time enough for it, if nothing held it back.
  constexpr int kMostLooks = 100'000;
  for (int looks = 0; looks < kMostLooks && !is_stopped; ++looks) {
    std::this_thread::yield();
  }
  const bool is_served = server.run().has_value();
  stopping.join();
  socket.forget_descriptor();
  return is_served ? 0 : 1;
}

// libmilter keeps its state in the process, so it is a process of its own.
TEST(EarlyStopDeathTest, EndsInOrderWhenItIsToldBeforeItHasBegun) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(std::exit(status_of_stop_before_run()), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load_loop.h"

#include "tests/support/null_milter_process.h"
#include "tests/support/stream_socket.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include <sys/socket.h>

namespace tests {
namespace {

LoadSettings settings_for(const std::string& address) {
  return {.milter = parse_milter_address(address).value(),
          .connections = 4,
          .messages_per_connection = 3,
          .shape = {},
          .duration = std::chrono::milliseconds{200},
          .rate = 0,
          .from_lines = {"Ada <ada@client.example>", "bob@client.example"}};
}

std::uint64_t accepted(const LoadResult& result) {
  return result.outcomes.at(static_cast<std::size_t>(Outcome::kAccepted));
}

TEST(RunLoad, SendsEveryMessageOfTheScheduleOverEverNewConnections) {
  const auto milter = NullMilterProcess::start(NULL_MILTER).value();
  LoadSettings settings = settings_for(milter.address());
  settings.rate = 500;
  const LoadResult result = run_load(settings).value();
  EXPECT_EQ(accepted(result), 100U);
  EXPECT_EQ(result.latency.count(), 100U);
  EXPECT_EQ(result.errors, 0U) << result.first_error;
}

TEST(RunLoad, KeepsEveryConnectionBusyWithoutASchedule) {
  const auto milter = NullMilterProcess::start(NULL_MILTER).value();
  const LoadResult result = run_load(settings_for(milter.address())).value();
  EXPECT_GE(accepted(result), 4U);
  EXPECT_EQ(accepted(result), result.latency.count());
  EXPECT_EQ(result.errors, 0U) << result.first_error;
}

TEST(RunLoad, EndsAfterSoManyMessages) {
  const auto milter = NullMilterProcess::start(NULL_MILTER).value();
  LoadSettings settings = settings_for(milter.address());
  settings.duration = std::chrono::minutes{10};
  settings.messages = 50;
  const LoadResult result = run_load(settings).value();
  EXPECT_EQ(accepted(result), 50U);
  EXPECT_EQ(result.errors, 0U) << result.first_error;
}

TEST(RunLoad, SaysWhyNobodyTakesItsConnections) {
  const Descriptor listener = listen_on(parse_milter_address("inet:0@127.0.0.1").value()).value();
  std::thread milter{[&] {
    while (Descriptor{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)}.get() >= 0) {
    }
  }};
  LoadSettings settings = settings_for(milter_address_of(listener).value());
  settings.patience = std::chrono::milliseconds{50};
  const auto result = run_load(settings);
  ::shutdown(listener.get(), SHUT_RD);
  milter.join();
  ASSERT_FALSE(result.has_value());
  // Whether the end or a reset is seen first is up to the kernel; that something is said is not.
  const std::string_view start = "not every connection was taken in time: ";
  EXPECT_TRUE(result.error().message.starts_with(start) &&
              result.error().message.size() > start.size())
      << result.error().message;
}

}  // namespace
}  // namespace tests

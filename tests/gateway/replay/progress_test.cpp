// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/progress.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <sstream>

namespace gateway {
namespace {

TEST(ReplayProgress, ABarWhereTheTotalIsKnown) {
  constexpr std::uint64_t kMebibyte = std::uint64_t{1024} * 1024;
  EXPECT_EQ(progress_line({.messages = 7, .octets = 3 * kMebibyte, .total = 6 * kMebibyte}),
            "[###############...............] 50 %  7 messages, 3 MiB");
  EXPECT_EQ(progress_line({.messages = 9, .octets = 7 * kMebibyte, .total = 6 * kMebibyte}),
            "[##############################] 100 %  9 messages, 7 MiB");
}

TEST(ReplayProgress, OtherwiseTheCounts) {
  EXPECT_EQ(progress_line({.messages = 12, .octets = 1, .total = {}}), "12 messages, 0 MiB");
}

TEST(ReplayProgress, TheLineIsTakenAway) {
  std::ostringstream terminal;
  ProgressDisplay display{&terminal};
  display.clear();
  EXPECT_EQ(terminal.str(), "");
  display.show({.messages = 1, .octets = 0, .total = {}});
  display.show({.messages = 2, .octets = 0, .total = {}});
  display.clear();
  display.clear();
  EXPECT_EQ(terminal.str(), "1 messages, 0 MiB\r\x1b[K");
}

}  // namespace
}  // namespace gateway

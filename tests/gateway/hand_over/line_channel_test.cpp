// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/hand_over/line_channel.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>

#include <sys/socket.h>

namespace gateway {
namespace {

class LineChannelTest : public ::testing::Test {
 protected:
  LineChannelTest() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets_.data()), 0);
    here_.emplace(sockets_[0]);
    there_.emplace(sockets_[1]);
  }

  std::array<int, 2> sockets_{};
  std::optional<LineChannel> here_;
  std::optional<LineChannel> there_;
};

TEST_F(LineChannelTest, LinesComeWholeAndInOrder) {
  const std::string large(std::size_t{1} << 20U, 'x');
  std::thread speaker{[&] {
    EXPECT_TRUE(here_->say("first"));
    EXPECT_TRUE(here_->say(""));
    EXPECT_TRUE(here_->say(large));
    here_->end_speech();
  }};
  EXPECT_EQ(there_->hear(), "first");
  EXPECT_EQ(there_->hear(), "");
  EXPECT_EQ(there_->hear(), large);
  EXPECT_EQ(there_->hear(), std::nullopt);
  speaker.join();
  // The other direction is still open.
  EXPECT_TRUE(there_->say("last"));
  EXPECT_EQ(here_->hear(), "last");
}

TEST_F(LineChannelTest, WhoIsGoneIsNotHeardAndDoesNotHear) {
  EXPECT_EQ(::send(sockets_[1], "half a", 6, 0), 6);
  there_.reset();
  EXPECT_EQ(here_->hear(), std::nullopt);
  EXPECT_FALSE(here_->say("anybody"));
  EXPECT_FALSE(here_->say("there"));
}

TEST_F(LineChannelTest, ALineWithoutAnEndIsNotGathered) {
  const std::string endless(std::size_t{3} << 20U, 'x');
  std::thread speaker{[&] { static_cast<void>(here_->say(endless)); }};
  EXPECT_EQ(there_->hear(), std::nullopt);
  there_.reset();
  speaker.join();
}

}  // namespace
}  // namespace gateway

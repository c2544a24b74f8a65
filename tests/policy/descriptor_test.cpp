// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/descriptor.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace policy {
namespace {

bool is_open_in_process(int number) {
  return ::fcntl(number, F_GETFD) >= 0;
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    out = Descriptor{ends[0]};
    in = Descriptor{ends[1]};
  }

  Descriptor out;
  Descriptor in;
};

TEST(DescriptorTest, IsClosedWithItsOwner) {
  int number = -1;
  {
    const Pipe pipe;
    number = pipe.out.get();
    EXPECT_TRUE(is_open_in_process(number));
  }
  EXPECT_FALSE(is_open_in_process(number));
}

TEST(DescriptorTest, IsOfOneOwnerAtATime) {
  Pipe pipe;
  const int number = pipe.out.get();
  Descriptor next{std::move(pipe.out)};
  EXPECT_FALSE(pipe.out.is_open());
  EXPECT_EQ(next.get(), number);
  const int closed = pipe.in.get();
  pipe.in = std::move(next);
  EXPECT_EQ(pipe.in.get(), number);
  EXPECT_FALSE(is_open_in_process(closed));
  EXPECT_TRUE(is_open_in_process(number));
}

TEST(DescriptorTest, WhatIsReleasedIsTheCallers) {
  Pipe pipe;
  const int number = pipe.out.release();
  EXPECT_FALSE(pipe.out.is_open());
  EXPECT_TRUE(is_open_in_process(number));
  EXPECT_EQ(::close(number), 0);
}

TEST(DescriptorTest, AFailedCallIsNone) {
  const Descriptor none{::open("/nonexistent", O_RDONLY | O_CLOEXEC)};
  EXPECT_FALSE(none.is_open());
  EXPECT_LT(none.get(), 0);
}

TEST(WriteAllTest, WritesToTheEnd) {
  const Pipe pipe;
  EXPECT_TRUE(write_all(pipe.in, "an octet after the other"));
  std::string octets(100, '\0');
  octets.resize(static_cast<std::size_t>(::read(pipe.out.get(), octets.data(), octets.size())));
  EXPECT_EQ(octets, "an octet after the other");
}

TEST(WriteAllTest, SaysWhyItCannot) {
  const Descriptor full{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
  ASSERT_TRUE(full.is_open());
  EXPECT_FALSE(write_all(full, "x"));
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_TRUE(write_all(full, ""));
}

}  // namespace
}  // namespace policy

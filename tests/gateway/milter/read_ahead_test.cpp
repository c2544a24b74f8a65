// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/read_ahead.h"

#include "tests/support/stream_socket.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

namespace gateway {
namespace {

constexpr int kPatienceMs = 10'000;

// Two ends of a stream; what comes from the MTA is read ahead.
struct Stream {
  Stream() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    ours = tests::Descriptor{ends[0]};
    mta = tests::Descriptor{ends[1]};
    EXPECT_TRUE(read_ahead_of(ours.get()));
  }

  void send(std::string_view octets) const {
    EXPECT_EQ(::send(mta.get(), octets.data(), octets.size(), 0), std::ssize(octets));
  }

  // Whether poll(2) says that there is something to read.
  [[nodiscard]] bool is_ready(int milliseconds = 0) const {
    pollfd polled{.fd = ours.get(), .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, milliseconds) == 1 && (polled.revents & POLLIN) != 0;
  }

  // What read(2) gives for this size, as libmilter does it: not before it is ready.
  [[nodiscard]] std::string read(std::size_t size) const {
    if (!is_ready(kPatienceMs)) {
      return "(nothing came)";
    }
    std::string octets(size, '\0');
    const ssize_t taken = ::read(ours.get(), octets.data(), octets.size());
    octets.resize(taken > 0 ? static_cast<std::size_t>(taken) : 0);
    return octets;
  }

  // What the kernel still has.
  [[nodiscard]] int octets_in_kernel() const {
    int size = -1;
    EXPECT_EQ(::ioctl(ours.get(), FIONREAD, &size), 0);
    return size;
  }

  tests::Descriptor ours;
  tests::Descriptor mta;
};

TEST(ReadAheadTest, WhatComesTogetherIsReceivedAtOnce) {
  const Stream stream;
  stream.send("first command, second command");
  EXPECT_EQ(stream.read(5), "first");
  EXPECT_EQ(stream.octets_in_kernel(), 0);
  EXPECT_TRUE(stream.is_ready());
  EXPECT_EQ(stream.read(100), " command, second command");
  EXPECT_FALSE(stream.is_ready());
}

TEST(ReadAheadTest, EveryOctetComesOnceAndInOrder) {
  const Stream stream;
  std::string sent;
  for (int number = 0; number < 20'000; ++number) {
    sent += std::to_string(number) + ' ';
  }
  std::string seen;
  std::size_t size = 1;
  std::size_t begin = 0;
  while (seen.size() < sent.size()) {
    if (begin < sent.size() && begin - seen.size() < 40'000) {
      const std::string_view part = std::string_view{sent}.substr(begin, 13'001);
      stream.send(part);
      begin += part.size();
    }
    seen += stream.read(size);
    size = size % 11'000 + 97;
  }
  EXPECT_EQ(seen, sent);
  EXPECT_FALSE(stream.is_ready());
}

TEST(ReadAheadTest, TheEndComesAfterTheRest) {
  Stream stream;
  stream.send("QUIT");
  stream.mta.reset();
  EXPECT_EQ(stream.read(2), "QU");
  EXPECT_EQ(stream.read(2), "IT");
  EXPECT_TRUE(stream.is_ready());
  EXPECT_EQ(stream.read(2), "");
  EXPECT_EQ(stream.read(2), "");
}

TEST(ReadAheadTest, AnErrorIsToldByTheNextRead) {
  auto address = tests::parse_milter_address("inet:0@127.0.0.1").value();
  const tests::Descriptor listening = tests::listen_on(address).value();
  const auto target = tests::parse_milter_address(tests::milter_address_of(listening).value());
  tests::Descriptor mta = tests::open_stream(target.value(), false).value();
  ASSERT_EQ(::connect(mta.get(), target->get(), target->size), 0);
  const tests::Descriptor ours{::accept4(listening.get(), nullptr, nullptr, 0)};
  ASSERT_TRUE(read_ahead_of(ours.get()));
  // A connection that is closed so is reset.
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ASSERT_EQ(::setsockopt(mta.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
  mta.reset();
  pollfd polled{.fd = ours.get(), .events = POLLIN, .revents = 0};
  ASSERT_EQ(::poll(&polled, 1, kPatienceMs), 1);
  char octet = 0;
  EXPECT_EQ(::read(ours.get(), &octet, 1), -1);
  EXPECT_EQ(errno, ECONNRESET);
  EXPECT_EQ(::read(ours.get(), &octet, 1), 0);
}

TEST(ReadAheadTest, AListOfMacrosWithoutAValueIsAnErrorForEver) {
  for (const std::size_t together : {5U, 13U}) {
    const std::string_view sent{
        "\0\0\0\x04"
        "DMi\0"
        "\0\0\0\1N",
        13};
    const Stream stream;
    stream.send(sent.substr(0, together));
    std::string read = stream.read(5);
    stream.send(sent.substr(together));
    std::array<char, 13> data{};
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(::read(stream.ours.get(), data.data(), data.size()), -1) << together;
      EXPECT_EQ(errno, EPROTO) << together;
    }
    // Nothing of the list, whatever it came with.
    EXPECT_EQ(read, together == 5 ? sent.substr(0, 5) : "");
  }
}

TEST(ReadAheadTest, ADescriptorBeyondTheTableIsNotTaken) {
  EXPECT_FALSE(read_ahead_of(65'536));
  EXPECT_FALSE(read_ahead_of(-1));
}

TEST(ReadAheadTest, AmongManyThoseWithSomethingLeftAreReady) {
  const Stream left;
  const Stream silent;
  const Stream other;
  left.send("two");
  EXPECT_EQ(left.read(1), "t");
  other.send("x");
  std::array<pollfd, 3> polled{{{.fd = silent.ours.get(), .events = POLLIN, .revents = POLLHUP},
                                {.fd = left.ours.get(), .events = POLLIN, .revents = 0},
                                {.fd = -1, .events = POLLIN, .revents = 0}}};
  EXPECT_EQ(::poll(polled.data(), polled.size(), kPatienceMs), 1);
  EXPECT_EQ(polled[0].revents, 0);
  EXPECT_EQ(polled[1].revents, POLLIN);
  // Where nothing is left the kernel is asked.
  polled[1].fd = other.ours.get();
  EXPECT_EQ(::poll(polled.data(), polled.size(), kPatienceMs), 1);
  EXPECT_EQ(polled[1].revents, POLLIN);
}

TEST(ReadAheadTest, WhoAsksWhetherToWriteIsNotToldToRead) {
  const Stream stream;
  stream.send("two");
  EXPECT_EQ(stream.read(1), "t");
  pollfd polled{.fd = stream.ours.get(), .events = POLLOUT, .revents = 0};
  EXPECT_EQ(::poll(&polled, 1, kPatienceMs), 1);
  EXPECT_EQ(polled.revents, POLLOUT);
}

TEST(ReadAheadTest, ADescriptorThatIsUsedAnewHasNothingOfTheOld) {
  constexpr int kNumber = 900;
  Stream old;
  old.ours = tests::Descriptor{::dup2(old.ours.get(), kNumber)};
  ASSERT_EQ(old.ours.get(), kNumber);
  ASSERT_TRUE(read_ahead_of(kNumber));
  old.send("old");
  EXPECT_EQ(old.read(1), "o");
  old.ours.reset();

  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const tests::Descriptor in{ends[1]};
  const tests::Descriptor out{::dup2(ends[0], kNumber)};
  EXPECT_EQ(::close(ends[0]), 0);
  ASSERT_EQ(::write(in.get(), "new", 3), 3);
  std::array<char, 3> octets{};
  EXPECT_EQ(::read(out.get(), octets.data(), octets.size()), 3);
  EXPECT_EQ((std::string_view{octets.data(), octets.size()}), "new");
}

TEST(ReadAheadTest, OtherDescriptorsAreReadAsTheyAre) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const tests::Descriptor out{ends[0]};
  const tests::Descriptor in{ends[1]};
  ASSERT_EQ(::write(in.get(), "abc", 3), 3);
  pollfd polled{.fd = out.get(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&polled, 1, kPatienceMs), 1);
  char octet = 0;
  EXPECT_EQ(::read(out.get(), &octet, 1), 1);
  EXPECT_EQ(octet, 'a');
  int left = 0;
  EXPECT_EQ(::ioctl(out.get(), FIONREAD, &left), 0);
  EXPECT_EQ(left, 2);
}

}  // namespace
}  // namespace gateway

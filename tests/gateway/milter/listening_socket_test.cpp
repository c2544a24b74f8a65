// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/listening_socket.h"

#include "gateway/settings.h"
#include "policy/result.h"
#include "tests/support/stream_socket.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace gateway {
namespace {

namespace fs = std::filesystem;
using Family = ListenAddress::Family;
using policy::ErrorCode;

bool can_connect(const ListenAddress& address) {
  const auto target = tests::parse_milter_address(address.text()).value();
  const tests::Descriptor stream = tests::open_stream(target, false).value();
  return ::connect(stream.get(), target.get(), target.size) == 0;
}

int descriptor_of(const ListeningSocket& socket) {
  const std::string text = socket.connection_text();
  EXPECT_TRUE(text.starts_with("fd:"));
  return std::stoi(text.substr(3));
}

class ListeningSocketTest : public ::testing::Test {
 protected:
  ListenAddress unix_address() const {
    return {.family = Family::kUnix, .host = {}, .port = 0, .path = folder_.path() / "milter.sock"};
  }

  static ListenAddress inet_address(std::uint16_t port = 0) {
    return {.family = Family::kInet, .host = "127.0.0.1", .port = port, .path = {}};
  }

  tests::TemporaryFolder folder_;
};

TEST_F(ListeningSocketTest, AUnixSocketIsForOwnerAndGroupAndGoesWithItsOwner) {
  const ListenAddress address = unix_address();
  {
    const auto socket = ListeningSocket::open(address, "");
    ASSERT_TRUE(socket.has_value()) << socket.error().message;
    EXPECT_TRUE(can_connect(address));
    EXPECT_EQ(fs::status(address.path).permissions(), fs::perms{0660});
  }
  EXPECT_FALSE(fs::exists(address.path));
}

TEST_F(ListeningSocketTest, ALeftOverSocketIsReplaced) {
  const ListenAddress address = unix_address();
  {
    const auto target = tests::parse_milter_address(address.text()).value();
    ASSERT_TRUE(tests::listen_on(target).has_value());
  }
  ASSERT_TRUE(fs::exists(address.path));
  const auto socket = ListeningSocket::open(address, "");
  ASSERT_TRUE(socket.has_value()) << socket.error().message;
  EXPECT_TRUE(can_connect(address));
}

TEST_F(ListeningSocketTest, ASocketSomebodyListensOnIsBusyAndStays) {
  const ListenAddress address = unix_address();
  const auto first = ListeningSocket::open(address, "");
  ASSERT_TRUE(first.has_value());
  const auto second = ListeningSocket::open(address, "");
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kBusy);
  EXPECT_NE(second.error().message.find(address.path.string()), std::string::npos);
  EXPECT_TRUE(can_connect(address));
}

TEST_F(ListeningSocketTest, AFileThatIsNoSocketIsLeftAlone) {
  const ListenAddress address = unix_address();
  tests::write_file(address.path, "precious");
  const auto socket = ListeningSocket::open(address, "");
  ASSERT_FALSE(socket.has_value());
  EXPECT_EQ(socket.error().code, ErrorCode::kBusy);
  EXPECT_EQ(fs::file_size(address.path), 8U);
}

TEST_F(ListeningSocketTest, ASocketOfAnotherKindThatIsInUseIsLeftAlone) {
  const ListenAddress address = unix_address();
  const auto target = tests::parse_milter_address(address.text()).value();
  const tests::Descriptor other{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  ASSERT_EQ(::bind(other.get(), target.get(), target.size), 0);
  const auto socket = ListeningSocket::open(address, "");
  ASSERT_FALSE(socket.has_value());
  EXPECT_EQ(socket.error().code, ErrorCode::kBusy);
  EXPECT_TRUE(fs::exists(address.path));
}

TEST_F(ListeningSocketTest, WhatCannotBeBoundIsToldOf) {
  ListenAddress missing = unix_address();
  missing.path = folder_.path() / "nowhere" / "milter.sock";
  EXPECT_EQ(ListeningSocket::open(missing, "").error().code, ErrorCode::kUnavailable);
  ListenAddress long_path = unix_address();
  long_path.path = folder_.path() / std::string(120, 'x');
  EXPECT_EQ(ListeningSocket::open(long_path, "").error().code, ErrorCode::kInvalidInput);
  const auto group = ListeningSocket::open(unix_address(), "no-such-group-here");
  EXPECT_EQ(group.error().code, ErrorCode::kInvalidInput);
  EXPECT_NE(group.error().message.find("no-such-group-here"), std::string::npos);
  EXPECT_FALSE(fs::exists(unix_address().path));
  const ListenAddress no_address{.family = Family::kInet, .host = "nowhere", .port = 0, .path = {}};
  EXPECT_EQ(ListeningSocket::open(no_address, "").error().code, ErrorCode::kInvalidInput);
}

TEST_F(ListeningSocketTest, AnInetSocketSendsWithoutDelayAndItsPortIsBusyForOthers) {
  const auto socket = ListeningSocket::open(inet_address(), "");
  ASSERT_TRUE(socket.has_value()) << socket.error().message;
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  ASSERT_EQ(::getsockname(descriptor_of(*socket), reinterpret_cast<sockaddr*>(&bound), &size), 0);
  const ListenAddress address = inet_address(ntohs(bound.sin_port));
  EXPECT_TRUE(can_connect(address));
  int no_delay = 0;
  size = sizeof no_delay;
  ASSERT_EQ(::getsockopt(descriptor_of(*socket), IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
  EXPECT_NE(no_delay, 0);
  EXPECT_EQ(ListeningSocket::open(address, "").error().code, ErrorCode::kBusy);
}

TEST_F(ListeningSocketTest, AfterStoppingNobodyNewGetsThroughAndWhoeverWaitsIsWoken) {
  const ListenAddress address = unix_address();
  auto socket = ListeningSocket::open(address, "").value();
  ASSERT_TRUE(can_connect(address));
  const int descriptor = descriptor_of(socket);
  ASSERT_TRUE(socket.stop_accepting().has_value());
  EXPECT_FALSE(can_connect(address));
  EXPECT_EQ(descriptor_of(socket), descriptor);
  socket.wake_acceptor();
  const tests::Descriptor woken{::accept4(descriptor, nullptr, nullptr, SOCK_CLOEXEC)};
  EXPECT_GE(woken.get(), 0);
}

TEST_F(ListeningSocketTest, StoppingWakesWhoeverWaitsAlready) {
  for (const ListenAddress& address : {unix_address(), inet_address()}) {
    auto socket = ListeningSocket::open(address, "").value();
    int ready = 0;
    std::thread waiter{[&ready, descriptor = descriptor_of(socket)] {
      constexpr int kMilliseconds = 10'000;
      pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
      ready = ::poll(&waiting, 1, kMilliseconds);
    }};
    ASSERT_TRUE(socket.stop_accepting().has_value());
    waiter.join();
    EXPECT_EQ(ready, 1);
  }
}

TEST_F(ListeningSocketTest, OneThatStoppedLeavesItsPathToItsSuccessor) {
  const ListenAddress address = unix_address();
  std::optional<ListeningSocket> first{ListeningSocket::open(address, "").value()};
  ASSERT_TRUE(first->stop_accepting().has_value());
  const auto second = ListeningSocket::open(address, "");
  ASSERT_TRUE(second.has_value()) << second.error().message;
  first.reset();
  EXPECT_TRUE(can_connect(address));
}

TEST_F(ListeningSocketTest, MovesWithoutClosing) {
  const ListenAddress address = unix_address();
  auto first = ListeningSocket::open(address, "").value();
  {
    const ListeningSocket second{std::move(first)};
    EXPECT_TRUE(can_connect(address));
  }
  EXPECT_FALSE(fs::exists(address.path));
}

TEST_F(ListeningSocketTest, ASuccessorTakesWhoeverComesAndThePathStaysItsOwn) {
  const ListenAddress address = unix_address();
  {
    auto first = ListeningSocket::open(address, "");
    ASSERT_TRUE(first.has_value()) << first.error().message;
    auto second = ListeningSocket::adopt(::dup(first->descriptor()), address, false);
    ASSERT_TRUE(second.has_value()) << second.error().message;
    ASSERT_TRUE(first->leave_to_successor().has_value());
    ASSERT_TRUE(can_connect(address));
    EXPECT_LT(::accept(first->descriptor(), nullptr, nullptr), 0);
    const tests::Descriptor accepted{::accept(second->descriptor(), nullptr, nullptr)};
    EXPECT_GE(accepted.get(), 0);
    EXPECT_LT(::accept(second->descriptor(), nullptr, nullptr), 0) << "nobody waits for nobody";
  }
  EXPECT_FALSE(fs::exists(address.path));
}

TEST_F(ListeningSocketTest, ALentSocketOutlivesItsUse) {
  const ListenAddress address = unix_address();
  const auto target = tests::parse_milter_address(address.text()).value();
  const tests::Descriptor owners = tests::listen_on(target).value();
  {
    auto socket = ListeningSocket::adopt(::dup(owners.get()), address, true);
    ASSERT_TRUE(socket.has_value()) << socket.error().message;
    ASSERT_TRUE(socket->stop_accepting().has_value());
  }
  EXPECT_TRUE(can_connect(address));
}

TEST_F(ListeningSocketTest, ASocketOfAnotherAddressIsNotAdopted) {
  const auto socket = ListeningSocket::open(inet_address(), "");
  ASSERT_TRUE(socket.has_value()) << socket.error().message;
  const auto adopted = ListeningSocket::adopt(::dup(socket->descriptor()), inet_address(1), false);
  ASSERT_FALSE(adopted.has_value());
  EXPECT_EQ(adopted.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(adopted.error().message,
            "the listening socket that was handed over is not inet:1@127.0.0.1");
  EXPECT_FALSE(
      ListeningSocket::adopt(::dup(socket->descriptor()), unix_address(), true).has_value());
}

}  // namespace
}  // namespace gateway

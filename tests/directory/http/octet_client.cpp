// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/http/octet_client.h"

#include "tests/support/stream_socket.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>

namespace directory {

OctetClient::OctetClient(const std::string& address) {
  const auto to = tests::parse_milter_address(address).value();
  socket_ = tests::open_stream(to, false).value();
  constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  is_connected_ = ::connect(socket_.get(), to.get(), to.size) == 0;
}

void OctetClient::send(std::string_view octets) const {
  while (!octets.empty()) {
    const ssize_t sent = ::send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return;
    }
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string OctetClient::read_until(std::string_view end) const {
  std::string read;
  std::array<char, 4096> octets{};
  while (end.empty() || !read.ends_with(end)) {
    const ssize_t got = ::recv(socket_.get(), octets.data(), octets.size(), 0);
    if (got <= 0) {
      break;
    }
    read.append(octets.data(), static_cast<std::size_t>(got));
  }
  return read;
}

bool OctetClient::has_answer(std::chrono::milliseconds time) const {
  pollfd waiting{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&waiting, 1, static_cast<int>(time.count())) > 0;
}

void OctetClient::end_sending() const {
  ::shutdown(socket_.get(), SHUT_WR);
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/milter_place.h"

#include "gateway/settings.h"
#include "policy/descriptor.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace gateway {
namespace {

using Family = ListenAddress::Family;

constexpr int kPatienceMs = 2000;

union SocketAddress {
  sockaddr any;
  sockaddr_un unix_path;
  sockaddr_in inet;
  sockaddr_in6 inet6;
};

// The size of the address, zero if it cannot be one.
socklen_t fill(SocketAddress& target, const ListenAddress& address) {
  std::memset(&target, 0, sizeof target);
  const std::string path = address.path.string();
  switch (address.family) {
    case Family::kUnix:
      target.unix_path.sun_family = AF_UNIX;
      if (path.size() >= sizeof target.unix_path.sun_path) {
        return 0;
      }
      std::memcpy(target.unix_path.sun_path, path.data(), path.size());
      return sizeof target.unix_path;
    case Family::kInet:
      target.inet.sin_family = AF_INET;
      target.inet.sin_port = htons(address.port);
      return inet_pton(AF_INET, address.host.c_str(), &target.inet.sin_addr) == 1
                 ? socklen_t{sizeof target.inet}
                 : 0;
    case Family::kInet6:
      target.inet6.sin6_family = AF_INET6;
      target.inet6.sin6_port = htons(address.port);
      return inet_pton(AF_INET6, address.host.c_str(), &target.inet6.sin6_addr) == 1
                 ? socklen_t{sizeof target.inet6}
                 : 0;
  }
  return 0;
}

bool connects(int descriptor, const SocketAddress& address, socklen_t size) {
  if (::connect(descriptor, &address.any, size) == 0) {
    return true;
  }
  if (errno != EINPROGRESS) {
    return false;
  }
  // NOLINTBEGIN(misc-include-cleaner): sys/socket.h has them from headers that are not to be named.
  pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
  int error = 0;
  socklen_t error_size = sizeof error;
  return ::poll(&waiting, 1, kPatienceMs) == 1 &&
         ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &error_size) == 0 && error == 0;
  // NOLINTEND(misc-include-cleaner)
}

}  // namespace

ListenAddress connectable(const ListenAddress& listen) {
  ListenAddress address = listen;
  if (listen.family == Family::kInet && listen.host == "0.0.0.0") {
    address.host = "127.0.0.1";
  }
  if (listen.family == Family::kInet6 && listen.host == "::") {
    address.host = "::1";
  }
  return address;
}

bool is_inside(const ListenAddress& listen, const std::filesystem::path& folder) {
  const std::filesystem::path path = listen.path.lexically_normal();
  const std::filesystem::path outer = (folder / "").lexically_normal().parent_path();
  return listen.family == Family::kUnix && std::ranges::mismatch(outer, path).in1 == outer.end() &&
         path != outer;
}

std::string postfix_place(const ListenAddress& listen, const std::filesystem::path& queue_folder) {
  const ListenAddress address = connectable(listen);
  switch (address.family) {
    case Family::kUnix:
      return "unix:" + (is_inside(address, queue_folder)
                            ? address.path.lexically_normal().lexically_relative(
                                  queue_folder.lexically_normal())
                            : address.path.lexically_normal())
                           .string();
    case Family::kInet: return "inet:" + address.host + ":" + std::to_string(address.port);
    case Family::kInet6: return "inet:[" + address.host + "]:" + std::to_string(address.port);
  }
  return {};
}

std::string sendmail_place(const ListenAddress& listen) {
  return connectable(listen).text();
}

bool is_answering(const ListenAddress& listen) {
  SocketAddress address{};
  const socklen_t size = fill(address, connectable(listen));
  if (size == 0) {
    return false;
  }
  const policy::Descriptor socket{
      ::socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  return socket.is_open() && connects(socket.get(), address, size);
}

}  // namespace gateway

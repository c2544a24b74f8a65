// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/sandbox/gateway_channel.h"

#include "gateway/authentication/helper/helper_message.h"

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>

#include <sys/types.h>
#include <unistd.h>

namespace gateway {
namespace {

// How many octets a system call moved; the end of the gateway is ours.
std::size_t moved(ssize_t count) {
  if (count > 0) {
    return static_cast<std::size_t>(count);
  }
  if (count == 0 || errno != EINTR) {
    leave();
  }
  return 0;
}

std::string receive_octets(std::size_t count) {
  std::string octets(count, '\0');
  std::size_t got = 0;
  while (got < count) {
    got += moved(::read(STDIN_FILENO, octets.data() + got, count - got));
  }
  return octets;
}

}  // namespace

HelperMessage receive_from_gateway() {
  const auto prefix = parse_helper_prefix(receive_octets(kHelperPrefixOctets), kLongestToHelper);
  if (!prefix.has_value()) {
    leave();
  }
  return {.kind = prefix->kind, .content = receive_octets(prefix->content_octets)};
}

void send_to_gateway(const HelperMessage& message) {
  const std::string frame = framed(message);
  std::string_view rest = frame;
  while (!rest.empty()) {
    rest.remove_prefix(moved(::write(STDIN_FILENO, rest.data(), rest.size())));
  }
}

void leave() {
  ::_exit(0);
}

}  // namespace gateway

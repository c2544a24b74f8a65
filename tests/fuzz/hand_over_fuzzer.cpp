// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/hand_over/inheritance.h"
#include "gateway/hand_over/line_channel.h"
#include "tests/fuzz/check.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

namespace {

// What is heard of octets: each whole line.
void hear_all(std::string_view octets) {
  std::array<int, 2> ends{};
  check(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
  check(::send(ends[0], octets.data(), octets.size(), MSG_NOSIGNAL) ==
        static_cast<ssize_t>(octets.size()));
  ::close(ends[0]);
  gateway::LineChannel channel{ends[1]};
  while (const std::optional<std::string> line = channel.hear()) {
    const std::size_t end = octets.find('\n');
    check(end != std::string_view::npos && *line == octets.substr(0, end));
    octets.remove_prefix(end + 1);
  }
  check(!octets.contains('\n'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets = fuzz_input(data, size);
  if (const auto left = gateway::Inheritance::parse(octets); left.has_value()) {
    // The first three descriptors are nobody's to leave.
    check(left->channel > 2 && left->milter > 2 && (left->metrics == -1 || left->metrics > 2));
    check(gateway::Inheritance::parse(left->text()) == *left);
  }
  hear_all(octets);
  return 0;
}

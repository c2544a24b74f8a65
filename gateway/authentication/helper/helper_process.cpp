// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/helper/helper_process.h"

#include "gateway/authentication/helper/helper_message.h"
#include "policy/result.h"
#include "policy/spawn_plan.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gateway {
namespace {

using policy::ErrorCode;
using policy::Result;

std::unexpected<policy::Error> system_failure(std::string_view doing, int error) {
  return policy::fail(ErrorCode::kUnavailable,
                      std::string{doing} + ": " + std::generic_category().message(error));
}

// With the socket as its standard input and nothing else.
int spawn(const std::filesystem::path& program, int socket, pid_t& pid) {
  policy::SpawnPlan plan;
  plan.duplicate(socket, STDIN_FILENO);
  plan.open_nothing(STDOUT_FILENO);
  plan.open_nothing(STDERR_FILENO);
  return plan.carry_out(program, {program.filename().string()}, {}, pid);
}

Result<void> wait_for(int socket, short events, HelperProcess::Deadline deadline) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return policy::fail(ErrorCode::kUnavailable, "the helper did not answer in time");
    }
    pollfd waiting{.fd = socket, .events = events, .revents = 0};
    constexpr std::int64_t kMostWait = 60'000;
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::min(left.count(), kMostWait)));
    if (ready > 0) {
      return {};
    }
    if (ready < 0 && errno != EINTR) {
      return system_failure("wait for the helper", errno);
    }
  }
}

bool is_passing(int error) {
  return error == EAGAIN || error == EINTR;
}

}  // namespace

Result<std::unique_ptr<HelperProcess>> HelperProcess::start(const std::filesystem::path& program,
                                                            Deadline deadline) {
  std::array<int, 2> sockets{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    return system_failure("make a socket for the helper", errno);
  }
  pid_t pid = 0;
  const int error = spawn(program, sockets[1], pid);
  ::close(sockets[1]);
  if (error != 0) {
    ::close(sockets[0]);
    return system_failure("start " + program.string(), error);
  }
  std::unique_ptr<HelperProcess> process{new HelperProcess{pid, sockets[0]}};
  const auto first = process->receive(deadline);
  if (!first.has_value()) {
    return policy::fail("start " + program.string(), first.error());
  }
  if (first->kind != HelperMessageKind::kReady) {
    return policy::fail(ErrorCode::kUnavailable, program.string() + " is no helper");
  }
  return process;
}

HelperProcess::~HelperProcess() {
  ::close(socket_);
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<void> HelperProcess::send(const HelperMessage& message, Deadline deadline) const {
  const std::string frame = framed(message);
  std::string_view rest = frame;
  while (!rest.empty()) {
    const ssize_t sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      rest.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (!is_passing(errno)) {
      return system_failure("speak to the helper", errno);
    }
    if (auto ready = wait_for(socket_, POLLOUT, deadline); !ready.has_value()) {
      return ready;
    }
  }
  return {};
}

Result<HelperMessage> HelperProcess::receive(Deadline deadline) const {
  const auto start = receive_octets(kHelperPrefixOctets, deadline);
  if (!start.has_value()) {
    return std::unexpected{start.error()};
  }
  const auto prefix = parse_helper_prefix(*start, kLongestFromHelper);
  if (!prefix.has_value()) {
    return policy::fail(ErrorCode::kInvalidInput, "the helper said what no helper says");
  }
  auto content = receive_octets(prefix->content_octets, deadline);
  if (!content.has_value()) {
    return std::unexpected{std::move(content.error())};
  }
  return HelperMessage{.kind = prefix->kind, .content = *std::move(content)};
}

Result<std::string> HelperProcess::receive_octets(std::size_t count, Deadline deadline) const {
  std::string octets(count, '\0');
  std::size_t got = 0;
  while (got < count) {
    const ssize_t read = ::recv(socket_, octets.data() + got, count - got, MSG_DONTWAIT);
    if (read > 0) {
      got += static_cast<std::size_t>(read);
      continue;
    }
    if (read == 0) {
      return policy::fail(ErrorCode::kUnavailable, "the helper died");
    }
    if (!is_passing(errno)) {
      return system_failure("listen to the helper", errno);
    }
    if (const auto ready = wait_for(socket_, POLLIN, deadline); !ready.has_value()) {
      return std::unexpected{ready.error()};
    }
  }
  return octets;
}

}  // namespace gateway

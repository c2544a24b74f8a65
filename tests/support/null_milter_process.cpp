// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/null_milter_process.h"

#include "policy/result.h"
#include "tests/support/stream_socket.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <string>

#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is not in <csignal>
#include <spawn.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tests {

policy::Result<NullMilterProcess> NullMilterProcess::start(const std::string& program) {
  std::array<int, 2> output{};
  if (::pipe2(output.data(), O_CLOEXEC) != 0) {
    return system_failure("open a pipe");
  }
  const Descriptor reading{output[0]};
  Descriptor writing{output[1]};
  posix_spawn_file_actions_t actions{};
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  std::string path = program;
  std::string address = "inet:0@127.0.0.1";
  const std::array<char*, 3> arguments{path.data(), address.data(), nullptr};
  pid_t number = -1;
  errno = ::posix_spawn(&number, path.c_str(), &actions, nullptr, arguments.data(), ::environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) {
    return system_failure(fmt::format("start {}", program));
  }
  NullMilterProcess process{number};
  writing.reset();
  std::array<char, 128> line{};
  const ssize_t size = ::read(reading.get(), line.data(), line.size());
  if (size <= 1) {
    return policy::fail(policy::ErrorCode::kUnavailable,
                        fmt::format("{} ended before it listened", program));
  }
  process.address_.assign(line.data(), static_cast<std::size_t>(size - 1));
  return process;
}

NullMilterProcess::~NullMilterProcess() {
  if (process_ > 0) {
    // It holds nothing, and libmilter takes 5 s to end after SIGTERM.
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
}

}  // namespace tests

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/spawn_plan.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <string>

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace policy {
namespace {

// What a shell says to its standard output when it is started with these words of its own.
std::string said_by_shell(SpawnPlan& plan, const std::string& script) {
  std::array<int, 2> sockets{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()), 0);
  plan.duplicate(sockets[1], STDOUT_FILENO);
  plan.close_from(STDERR_FILENO + 1);
  pid_t pid = 0;
  EXPECT_EQ(plan.carry_out("/bin/sh", {"sh", "-c", script}, {"ONLY=this"}, pid), 0);
  ::close(sockets[1]);
  std::string said;
  std::array<char, 4096> piece{};
  for (ssize_t size = 1; size > 0;) {
    size = ::read(sockets[0], piece.data(), piece.size());
    said.append(piece.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  ::close(sockets[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return said;
}

TEST(SpawnPlan, GivesWordsAndEnvironmentAndNothingElse) {
  SpawnPlan plan;
  EXPECT_EQ(said_by_shell(plan, "echo \"$ONLY ${HOME-no home}\""), "this no home\n");
}

TEST(SpawnPlan, DescriptorsAreThoseThatWereAskedFor) {
  SpawnPlan plan;
  plan.open_nothing(STDIN_FILENO);
  plan.start_in("/");
  EXPECT_EQ(said_by_shell(plan, "read line; echo \"[$line]\"; pwd; [ -e /dev/fd/7 ] || echo none"),
            "[]\n/\nnone\n");
}

TEST(SpawnPlan, WhatIsNoProgramIsToldByItsErrorNumber) {
  const SpawnPlan plan;
  pid_t pid = 0;
  EXPECT_EQ(plan.carry_out("/no/such/program", {"program"}, {}, pid), ENOENT);
}

}  // namespace
}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/confinement.h"

#include "policy/descriptor.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <functional>

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGSYS is POSIX
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace policy {
namespace {

constexpr Confinement kAlone{.processor_time = std::chrono::seconds{20}, .sockets_over_ip = 0};
constexpr Confinement kOnNetwork{.processor_time = std::chrono::seconds{20}, .sockets_over_ip = 2};

using testing::ExitedWithCode;
using testing::KilledBySignal;

// In a process of its own: 0 if what it does is as expected, 2 if it could not be confined.
[[noreturn]] void do_confined(const Confinement& confinement, const std::function<bool()>& act) {
  if (!confine_process(confinement)) {
    ::_exit(2);
  }
  ::_exit(act() ? 0 : 1);
}

bool can_make_socket(int family) {
  return ::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0) >= 0;
}

TEST(ConfinementDeathTest, AnOpenDescriptorIsReadAndWritten) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const Descriptor ours{ends[0]};
  Descriptor its{ends[1]};
  ASSERT_TRUE(write_all(ours, "?"));
  const auto act = [] {
    char octet = 0;
    return ::read(STDIN_FILENO, &octet, 1) == 1 && ::write(STDIN_FILENO, "!", 1) == 1;
  };
  const auto start = [&] {
    ::dup2(its.get(), STDIN_FILENO);
    do_confined(kAlone, act);
  };
  EXPECT_EXIT(start(), ExitedWithCode(0), "");
  its.reset();
  char answer = 0;
  EXPECT_EQ(::read(ours.get(), &answer, 1), 1);
  EXPECT_EQ(answer, '!');
}

TEST(ConfinementDeathTest, NoFileIsOpened) {
  const auto act = [] { return ::open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0; };
  EXPECT_EXIT(do_confined(kAlone, act), KilledBySignal(SIGSYS), "");
  EXPECT_EXIT(do_confined(kOnNetwork, act), KilledBySignal(SIGSYS), "");
}

TEST(ConfinementDeathTest, NoProcessIsStarted) {
  const auto act = [] { return ::fork() >= 0; };
  EXPECT_EXIT(do_confined(kOnNetwork, act), KilledBySignal(SIGSYS), "");
}

TEST(ConfinementDeathTest, NoMemoryIsExecutable) {
  const auto act = [] {
    return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
  };
  EXPECT_EXIT(do_confined(kAlone, act), KilledBySignal(SIGSYS), "");
}

TEST(ConfinementDeathTest, SocketsAreForWhoMayHaveThem) {
  const auto over_ip = [] { return can_make_socket(AF_INET) && can_make_socket(AF_INET6); };
  EXPECT_EXIT(do_confined(kOnNetwork, over_ip), ExitedWithCode(0), "");
  EXPECT_EXIT(do_confined(kAlone, over_ip), KilledBySignal(SIGSYS), "");
}

TEST(ConfinementDeathTest, SocketsAreAsManyAsItMayHave) {
  const auto act = [] {
    return can_make_socket(AF_INET) && can_make_socket(AF_INET) && !can_make_socket(AF_INET) &&
           errno == EMFILE;
  };
  EXPECT_EXIT(do_confined(kOnNetwork, act), ExitedWithCode(0), "");
}

TEST(ConfinementDeathTest, NoSocketLeadsToADaemonOfThisMachine) {
  const auto act = [] { return can_make_socket(AF_UNIX); };
  EXPECT_EXIT(do_confined(kOnNetwork, act), KilledBySignal(SIGSYS), "");
}

TEST(ConfinementDeathTest, NothingOfItsParentStaysOpen) {
  const int kept = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(kept, 3);
  const auto act = [kept] {
    char octet = 0;
    return ::read(kept, &octet, 1) == -1 && errno == EBADF;
  };
  EXPECT_EXIT(do_confined(kAlone, act), ExitedWithCode(0), "");
  EXPECT_EQ(::close(kept), 0);
}

#if !defined(FROMGUARD_ADDRESS_SANITIZER) && !defined(FROMGUARD_THREAD_SANITIZER)
TEST(ConfinementDeathTest, MemoryEnds) {
  const auto act = [] {
    constexpr std::size_t kBeyond = std::size_t{300} * 1024 * 1024;
    return ::mmap(nullptr, kBeyond, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
               MAP_FAILED &&
           errno == ENOMEM;
  };
  EXPECT_EXIT(do_confined(kAlone, act), ExitedWithCode(0), "");
}
#endif

}  // namespace
}  // namespace policy

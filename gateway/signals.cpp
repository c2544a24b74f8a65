// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/signals.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX
#include <sys/eventfd.h>
#include <unistd.h>

namespace gateway {
namespace {

constexpr std::array kTaken{SIGTERM, SIGINT, SIGUSR1, SIGUSR2};

// A handler can reach nothing but globals; these are lock-free.
int wake_descriptor = -1;
volatile sig_atomic_t stop_asked = 0;
volatile sig_atomic_t reload_asked = 0;
volatile sig_atomic_t hand_over_asked = 0;

void on_signal(int signal) {
  const int saved_errno = errno;
  switch (signal) {
    case SIGUSR1: reload_asked = 1; break;
    case SIGUSR2: hand_over_asked = 1; break;
    default: stop_asked = 1; break;
  }
  constexpr std::uint64_t kOne = 1;
  // A full counter wakes as well.
  [[maybe_unused]] const auto written = ::write(wake_descriptor, &kOne, sizeof kOne);
  errno = saved_errno;
}

sigset_t taken_set() {
  sigset_t set{};
  sigemptyset(&set);
  for (const int signal : kTaken) {
    sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

Signals::Signals() {
  wake_descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (wake_descriptor < 0) {
    throw std::system_error{errno, std::generic_category(), "eventfd"};
  }
  const sigset_t set = taken_set();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_mask = set;
  for (const int signal : kTaken) {
    ::sigaction(signal, &action, nullptr);
  }
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGHUP, &ignore, nullptr);
  ::sigaction(SIGPIPE, &ignore, nullptr);
}

Signals::~Signals() {
  ::close(wake_descriptor);
  wake_descriptor = -1;
}

void Signals::let_through() const {
  const sigset_t set = taken_set();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

int Signals::descriptor() const {
  return wake_descriptor;
}

Signals::Taken Signals::take() const {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto size = ::read(wake_descriptor, &count, sizeof count);
  Taken taken;
  if (stop_asked != 0) {
    stop_asked = 0;
    taken.stop = true;
  }
  if (reload_asked != 0) {
    reload_asked = 0;
    taken.reload = true;
  }
  if (hand_over_asked != 0) {
    hand_over_asked = 0;
    taken.hand_over = true;
  }
  return taken;
}

}  // namespace gateway

// libmilter waits by the name that the linker knows this under, and finds it before that of the C
// library.
extern "C" __attribute__((visibility("default"))) int wait_for_others(
    const sigset_t* signals, int* taken) __asm__("sigwait");

int wait_for_others(const sigset_t* signals, int* taken) {
  sigset_t others = *signals;
  for (const int signal : gateway::kTaken) {
    sigdelset(&others, signal);
  }
  const int signal = ::sigwaitinfo(&others, nullptr);
  if (signal < 0) {
    return errno;
  }
  *taken = signal;
  return 0;
}

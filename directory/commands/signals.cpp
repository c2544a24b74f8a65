// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/signals.h"

#include "policy/result.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <expected>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t is POSIX
#include <sys/poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace directory {
namespace {

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) {
    sigaddset(&set, signal);
  }
  return set;
}

std::unexpected<policy::Error> failure(std::string doing) {
  return policy::fail(policy::ErrorCode::kUnavailable,
                      std::move(doing) + ": " + std::generic_category().message(errno));
}

}  // namespace

policy::Result<Signals> Signals::watch(std::initializer_list<int> signals) {
  const sigset_t set = set_of(signals);
  if (::pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0) {
    return failure("block signals");
  }
  Signals watched{::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
  if (watched.descriptor_ < 0) {
    return failure("watch signals");
  }
  return watched;
}

Signals::Signals(Signals&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Signals::~Signals() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

policy::Result<std::optional<int>> Signals::wait(std::chrono::milliseconds at_most) const {
  const auto milliseconds = std::clamp<std::chrono::milliseconds::rep>(
      at_most.count(), 0, std::numeric_limits<int>::max());
  struct pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(milliseconds));
  if (ready < 0 && errno != EINTR) {
    return failure("wait for signals");
  }
  if (ready <= 0) {
    return std::nullopt;
  }
  struct signalfd_siginfo signal{};
  if (::read(descriptor_, &signal, sizeof signal) != sizeof signal) {
    return failure("read a signal");
  }
  return static_cast<int>(signal.ssi_signo);
}

}  // namespace directory

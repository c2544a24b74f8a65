// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/spare_descriptors.h"

#include "gateway/milter/read_ahead.h"
#include "policy/descriptor.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <exception>
#include <functional>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gateway {
namespace {

constexpr rlim_t kMostSpare = 16;
constexpr rlim_t kLeastShareOfConnections = 4;  // a quarter at most is kept
constexpr auto kPause = std::chrono::milliseconds{20};

// accept(2) below has nothing of ours.
std::atomic<const SpareDescriptors*> in_use = nullptr;

bool is_among_the_last(int descriptor) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return false;
  }
  // The lowest free number is given: all below it are taken.
  const rlim_t spare = std::min(kMostSpare, limit.rlim_cur / kLeastShareOfConnections);
  return static_cast<rlim_t>(descriptor) >= limit.rlim_cur - spare;
}

bool is_shortage_of_descriptors(int error) {
  return error == EMFILE || error == ENFILE;
}

bool is_shortage(int error) {
  return is_shortage_of_descriptors(error) || error == ENOBUFS || error == ENOMEM;
}

// What it is open for is of no matter: its number is wanted.
policy::Descriptor held_descriptor() {
  return policy::Descriptor{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
}

}  // namespace

SpareDescriptors::SpareDescriptors(int listening, std::function<void()> on_refusal)
    : listening_(listening), on_refusal_(std::move(on_refusal)), held_(held_descriptor()) {
  in_use = this;
}

SpareDescriptors::~SpareDescriptors() {
  in_use = nullptr;
}

int SpareDescriptors::keep(int accepted) const {
  const int error = errno;
  has_accepted_ = true;
  const bool is_short = accepted < 0 && is_shortage(error);
  if (!is_short && (accepted < 0 || (!is_among_the_last(accepted) && read_ahead_of(accepted)))) {
    return accepted;
  }
  // First, so that whoever is hung up on has been counted.
  try {
    on_refusal_();
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // libmilter, which this returns to, lets nothing through; a count is not worth the process.
  }
  if (accepted >= 0) {
    ::close(accepted);
  } else if (is_shortage_of_descriptors(error)) {
    hang_up_on_first();
  }
  std::this_thread::sleep_for(kPause);
  errno = is_short ? error : EAGAIN;
  return -1;
}

void SpareDescriptors::hang_up_on_first() const {
  held_.reset();
  // Not waited for: whoever it was may have left meanwhile, or another thread taken the number.
  static_cast<void>(policy::Descriptor{::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC)});
  held_ = held_descriptor();
}

}  // namespace gateway

// libmilter accepts by the name that the linker knows this under, and finds it before that of the C
// library.
extern "C" __attribute__((visibility("default"))) int accept_and_keep_spare(
    int listening, sockaddr* address, socklen_t* size) __asm__("accept");

int accept_and_keep_spare(int listening, sockaddr* address, socklen_t* size) {
  const int accepted = ::accept4(listening, address, size, 0);
  const gateway::SpareDescriptors* const spare = gateway::in_use;
  return spare != nullptr && spare->is_for(listening) ? spare->keep(accepted) : accepted;
}

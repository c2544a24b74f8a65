// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/read_ahead.h"

#include "gateway/milter/macro_pairs.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include <dlfcn.h>
#include <sys/poll.h>
#include <sys/types.h>

namespace gateway {
namespace {

constexpr std::size_t kMostOctets = 4096;
constexpr std::size_t kMostDescriptors = 65536;

bool is_in_table(int descriptor) {
  return descriptor >= 0 && static_cast<std::size_t>(descriptor) < kMostDescriptors;
}

// What was received of a connection and not asked for yet.
class Received {
 public:
  // Whether a read would not wait: for what is there, or to be told of what has failed.
  [[nodiscard]] bool is_ready() const { return begin_ != end_ || error_ != 0; }

  // Receives what has come; for when something has, and nothing is left of what came before.
  void receive(int descriptor);

  // As read(2), of what was received before if there is something.
  ssize_t read(int descriptor, void* to, std::size_t size) {
    return is_ready() ? take(to, size) : read_whole_pairs(descriptor, to, size);
  }

 private:
  // As read(2) too; fails with EPROTO, then and ever after, when libmilter could not bear what
  // came.
  ssize_t read_whole_pairs(int descriptor, void* to, std::size_t size);

  ssize_t take(void* to, std::size_t size) {
    if (begin_ == end_) {
      errno = error_;
      // What the kernel tells it tells once.
      if (error_ != EPROTO) {
        error_ = 0;
      }
      return -1;
    }
    const std::size_t taken = std::min(size, end_ - begin_);
    std::copy_n(octets_.get() + begin_, taken, static_cast<char*>(to));
    begin_ += taken;
    if (begin_ == end_) {
      octets_.reset();
    }
    return static_cast<ssize_t>(taken);
  }

  MacroPairs macro_pairs_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  int error_ = 0;
  std::unique_ptr<char[]> octets_;  // while there are some: most connections are idle
};

// By descriptor. What is read ahead belongs to whoever uses the descriptor; the table is for all.
std::array<std::atomic<Received*>, kMostDescriptors> all_received;

Received* received_of(int descriptor) {
  return is_in_table(descriptor)
             ? all_received[static_cast<std::size_t>(descriptor)].load(std::memory_order_acquire)
             : nullptr;
}

void replace_received(int descriptor, std::unique_ptr<Received> received) {
  if (is_in_table(descriptor)) {
    delete all_received[static_cast<std::size_t>(descriptor)].exchange(received.release());
  }
}

// What the C library has under a name, or a sanitizer that is linked in has before it: it has to
// learn that a descriptor was closed, whose number is given anew. Found at the first call, which
// may come before any constructor has run.
template <typename Function>
class Next {
 public:
  constexpr Next(const char* name, const char* name_of_sanitizer) noexcept
      : name_(name), name_of_sanitizer_(name_of_sanitizer) {}

  [[nodiscard]] Function* get() {
    Function* found = found_.load(std::memory_order_relaxed);
    if (found == nullptr) {
      void* const of_sanitizer = ::dlsym(RTLD_DEFAULT, name_of_sanitizer_);
      found = reinterpret_cast<Function*>(of_sanitizer != nullptr ? of_sanitizer
                                                                  : ::dlsym(RTLD_NEXT, name_));
      found_.store(found, std::memory_order_relaxed);
    }
    return found;
  }

 private:
  const char* name_;
  const char* name_of_sanitizer_;
  std::atomic<Function*> found_ = nullptr;
};

constinit Next<int(pollfd*, nfds_t, int)> next_poll{"poll", "__interceptor_poll"};
constinit Next<ssize_t(int, void*, std::size_t)> next_read{"read", "__interceptor_read"};
constinit Next<int(int)> next_close{"close", "__interceptor_close"};

void Received::receive(int descriptor) {
  octets_.reset(new (std::nothrow) char[kMostOctets]);
  if (octets_ == nullptr) {
    // libmilter asks for each piece then.
    return;
  }
  const ssize_t size = read_whole_pairs(descriptor, octets_.get(), kMostOctets);
  if (size > 0) {
    begin_ = 0;
    end_ = static_cast<std::size_t>(size);
    return;
  }
  const int error = errno;
  octets_.reset();
  if (size < 0 && error != EAGAIN && error != EINTR) {
    // The kernel tells it once.
    error_ = error;
  }
}

ssize_t Received::read_whole_pairs(int descriptor, void* to, std::size_t size) {
  const ssize_t taken = next_read.get()(descriptor, to, size);
  if (taken > 0 && !macro_pairs_.are_whole_after(
                       {static_cast<const char*>(to), static_cast<std::size_t>(taken)})) {
    error_ = errno = EPROTO;
    return -1;
  }
  return taken;
}

// Those of `descriptors` that can be read without asking the kernel; how many.
int mark_ready(std::span<pollfd> descriptors) {
  int ready = 0;
  for (pollfd& each : descriptors) {
    const Received* const received = received_of(each.fd);
    const bool is_ready =
        received != nullptr && (each.events & POLLIN) != 0 && received->is_ready();
    each.revents = is_ready ? POLLIN : 0;
    ready += is_ready ? 1 : 0;
  }
  return ready;
}

// For a descriptor of which poll(2) has said something.
void receive_what_has_come(pollfd& polled) {
  Received* const received = received_of(polled.fd);
  if (received == nullptr || (polled.revents & POLLIN) == 0) {
    return;
  }
  received->receive(polled.fd);
  if (received->is_ready()) {
    // That the MTA has hung up comes after what it has said.
    polled.revents = POLLIN;
  }
}

}  // namespace

bool read_ahead_of(int descriptor) noexcept {
  std::unique_ptr<Received> received{new (std::nothrow) Received};
  if (received == nullptr || !is_in_table(descriptor)) {
    return false;
  }
  replace_received(descriptor, std::move(received));
  return true;
}

}  // namespace gateway

// libmilter calls these by the names that the linker knows them under, and finds them before those
// of the C library.
extern "C" {
__attribute__((visibility("default"))) int poll_or_know(pollfd* descriptors,
                                                        nfds_t count,
                                                        int milliseconds) __asm__("poll");
__attribute__((visibility("default"))) ssize_t read_or_take(int descriptor,
                                                            void* to,
                                                            std::size_t size) __asm__("read");
__attribute__((visibility("default"))) int close_and_forget(int descriptor) __asm__("close");
}

int poll_or_know(pollfd* descriptors, nfds_t count, int milliseconds) {
  const std::span<pollfd> all{descriptors, count};
  int ready = gateway::mark_ready(all);
  if (ready == 0) {
    ready = gateway::next_poll.get()(descriptors, count, milliseconds);
    // Of many, others may be about to ask for each.
    if (ready == 1 && count == 1) {
      gateway::receive_what_has_come(all.front());
    }
  }
  return ready;
}

ssize_t read_or_take(int descriptor, void* to, std::size_t size) {
  gateway::Received* const received = gateway::received_of(descriptor);
  return received != nullptr ? received->read(descriptor, to, size)
                             : gateway::next_read.get()(descriptor, to, size);
}

int close_and_forget(int descriptor) {
  gateway::replace_received(descriptor, nullptr);
  return gateway::next_close.get()(descriptor);
}

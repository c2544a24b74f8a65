// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/steady_time.h"

#include <chrono>
#include <ctime>

namespace gateway {
namespace {

struct Beginning {
  std::time_t wall_clock = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::chrono::steady_clock::time_point steady = std::chrono::steady_clock::now();
};

const Beginning& beginning() noexcept {
  static const Beginning instant;
  return instant;
}

}  // namespace

void keep_time_steady() noexcept {
  beginning();
}

}  // namespace gateway

// libmilter asks by the name that the linker knows this under, and finds it before that of the C
// library.
extern "C" __attribute__((visibility("default"))) std::time_t steady_time(
    std::time_t* copy) __asm__("time");

std::time_t steady_time(std::time_t* copy) {
  const gateway::Beginning& beginning = gateway::beginning();
  const auto since = std::chrono::duration_cast<std::chrono::seconds>(
      std::chrono::steady_clock::now() - beginning.steady);
  const std::time_t now = beginning.wall_clock + since.count();
  if (copy != nullptr) {
    *copy = now;
  }
  return now;
}

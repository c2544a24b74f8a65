// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace policy {

/// What a process of ours keeps that hands what strangers wrote to a library we do not trust.
struct Confinement {
  std::chrono::seconds processor_time;  ///< over its whole life
  /// How many it may open beside standard input, output and error, which it has.
  unsigned sockets_over_ip = 0;
};

/// Takes from this process all but what a check needs: descriptors other than standard input,
/// output and error, the right to new privileges, 256 MiB of memory beyond which it gets none, core
/// dumps, and every system call (seccomp(2)) but those that use the open descriptors, manage
/// memory, speak to hosts over IP if it may, and end the process. Whoever calls another dies. It
/// dies with the thread that started it. For a process with one thread. False where the system
/// refuses; the process must end then.
[[nodiscard]] bool confine_process(const Confinement& confinement);

}  // namespace policy

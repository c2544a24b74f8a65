// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/helper/helper_message.h"
#include "policy/result.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include <sys/types.h>

namespace gateway {

/// A running helper process and the socket to it. The libraries that read hostile mail run there,
/// without network and files; it is never trusted. Used by one thread, the one that started it: the
/// helper dies with that thread. Killed with its owner.
class HelperProcess {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Starts the program and waits until it has locked itself in. `kUnavailable` says why it could
  /// not be started.
  [[nodiscard]] static policy::Result<std::unique_ptr<HelperProcess>> start(
      const std::filesystem::path& program, Deadline deadline);

  HelperProcess(const HelperProcess&) = delete;
  HelperProcess& operator=(const HelperProcess&) = delete;
  HelperProcess(HelperProcess&&) = delete;
  HelperProcess& operator=(HelperProcess&&) = delete;
  ~HelperProcess();

  [[nodiscard]] pid_t pid() const { return pid_; }

  // After an error of either the process is of no further use: `kUnavailable` where it died or the
  // deadline passed, `kInvalidInput` where it said what no helper says.
  [[nodiscard]] policy::Result<void> send(const HelperMessage& message, Deadline deadline) const;
  [[nodiscard]] policy::Result<HelperMessage> receive(Deadline deadline) const;

 private:
  HelperProcess(pid_t pid, int socket) : pid_(pid), socket_(socket) {}

  [[nodiscard]] policy::Result<std::string> receive_octets(std::size_t count,
                                                           Deadline deadline) const;

  pid_t pid_;
  int socket_;
};

}  // namespace gateway

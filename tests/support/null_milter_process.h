// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <string>
#include <utility>

#include <sys/types.h>

namespace tests {

/// The null milter of the benchmark in a process of its own, on a free port; it ends with its
/// owner.
class NullMilterProcess {
 public:
  /// Starts `program`, and returns once it listens.
  [[nodiscard]] static policy::Result<NullMilterProcess> start(const std::string& program);

  NullMilterProcess(NullMilterProcess&& other) noexcept
      : process_(std::exchange(other.process_, -1)), address_(std::move(other.address_)) {}

  NullMilterProcess(const NullMilterProcess&) = delete;
  NullMilterProcess& operator=(const NullMilterProcess&) = delete;
  NullMilterProcess& operator=(NullMilterProcess&&) = delete;
  ~NullMilterProcess();

  /// Where it listens, as an MTA writes it.
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  explicit NullMilterProcess(pid_t process) : process_(process) {}

  pid_t process_;
  std::string address_;
};

}  // namespace tests

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/helper/helper_process.h"
#include "policy/result.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <utility>

namespace gateway {

/// Keeps one helper process for one thread: starts it when it is needed, kills it when a check
/// failed, and another only after a pause that grows with each failure in a row, so that a storm of
/// deaths costs little. A helper that has done many checks is replaced, which bounds what its
/// libraries leak.
class HelperSlot {
 public:
  using Deadline = HelperProcess::Deadline;

  explicit HelperSlot(std::filesystem::path program) : program_(std::move(program)) {}

  /// Runs `check`, which takes the process and returns a policy::Result. `kUnavailable` where there
  /// can be no process before `deadline`.
  template <typename Check>
  auto run(Deadline deadline, Check&& check) -> decltype(check(std::declval<HelperProcess&>())) {
    const auto process = ready(deadline);
    if (!process.has_value()) {
      return std::unexpected{process.error()};
    }
    auto result = std::forward<Check>(check)(**process);
    finish(result.has_value());
    return result;
  }

  /// Checks that failed for the helper's sake, since the start.
  [[nodiscard]] unsigned long failures() const { return failures_; }

  /// Null while there is none.
  [[nodiscard]] const HelperProcess* process() const { return process_.get(); }

 private:
  [[nodiscard]] policy::Result<HelperProcess*> ready(Deadline deadline);
  void finish(bool went_well);
  void note_failure();

  std::filesystem::path program_;
  std::unique_ptr<HelperProcess> process_;
  unsigned checks_ = 0;  // of this process
  unsigned failures_in_a_row_ = 0;
  unsigned long failures_ = 0;
  Deadline not_before_;
};

}  // namespace gateway

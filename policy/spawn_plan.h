// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace policy {

/// How another program is started (posix_spawn(3)): an argument vector and no shell, no signal held
/// back or ignored, and the descriptors that are asked for, in the order in which they are asked
/// for. Of one thread.
class SpawnPlan {
 public:
  SpawnPlan();
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  SpawnPlan(SpawnPlan&&) = delete;
  SpawnPlan& operator=(SpawnPlan&&) = delete;
  ~SpawnPlan();

  /// The program finds `source` of this process as `target`.
  void duplicate(int source, int target);

  /// The program finds nothing as `target`, whether it reads or writes.
  void open_nothing(int target);

  /// The program finds no descriptor from this number on.
  void close_from(int first);

  /// The program starts in this folder.
  void start_in(const std::filesystem::path& folder);

  /// The program leads a process group of its own.
  void lead_group();

  /// Starts it; `words` begin with the name of the program, `environment` is all it has. The error
  /// number, zero if it went well.
  [[nodiscard]] int carry_out(const std::filesystem::path& program,
                              std::vector<std::string> words,
                              std::vector<std::string> environment,
                              pid_t& pid) const;

 private:
  struct Parts;

  std::unique_ptr<Parts> parts_;
};

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// A program to be run, as an argument vector: no shell reads it.
struct ProgramCall {
  std::filesystem::path program;
  std::vector<std::string> arguments;                         ///< without the program's own name
  std::filesystem::path folder;                               ///< where it runs; empty: here
  std::chrono::milliseconds time = std::chrono::seconds{30};  ///< for all of it

  /// As a person would type it.
  [[nodiscard]] std::string text() const;
};

/// How a program ended.
struct ProgramEnd {
  int status = 0;
  std::string output;  ///< its first 4 MiB
  std::string errors;  ///< of the same bound, without line ends at its end
};

/// Runs the program to its end with an environment of its own, nothing on standard input and no
/// descriptor of ours. `kUnavailable`: it cannot be started, was killed, or took too long; then it
/// and what it started in its process group have been killed.
[[nodiscard]] policy::Result<ProgramEnd> run_program(const ProgramCall& call);

/// The first of the folders that has a program of this name. `kNotFound` if none has.
[[nodiscard]] policy::Result<std::filesystem::path> find_program(
    std::string_view name, std::span<const std::filesystem::path> folders);

/// Where an administrator's programs are: the folders of PATH, and those of the system behind them,
/// which the PATH after a plain `su` does not have.
[[nodiscard]] std::vector<std::filesystem::path> program_folders();

/// The text as one word of a shell's command line: in quotes, if it needs them.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/commands/admin_commands.h"
#include "directory/commands/admin_session.h"

#include <filesystem>
#include <optional>

namespace directory {

/// What the command line asks for.
struct CommandLine {
  enum class Command { kRun, kCheck, kAdmin };

  Command command = Command::kRun;
  std::filesystem::path config;
  bool once = false;             ///< of `run`
  AdminCommand admin = nullptr;  ///< of `kAdmin`
  AdminOptions options;          ///< of `kAdmin`
};

/// Reads the command line. Nothing is returned if there is nothing to do: after `--help`,
/// `--version`, after `completion`, and after a usage error, which is written to standard error;
/// `exit_status` is then what to exit with.
[[nodiscard]] std::optional<CommandLine> parse_command_line(int argc,
                                                            const char* const* argv,
                                                            int& exit_status);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/replay/replay.h"
#include "gateway/setup/setup.h"
#include "gateway/tools/explain.h"

#include <filesystem>
#include <optional>
#include <variant>

namespace gateway {

/// What the command line asks for.
struct CommandLine {
  enum class Command {
    kRun,
    kCheck,
    kExplain,
    kExplainLines,
    kReplay,
    kSetupPostfix,
    kSetupSendmail
  };

  Command command = Command::kRun;
  std::filesystem::path config;
  std::optional<std::filesystem::path> snapshot;  ///< of `explain`: instead of the configured one
  std::optional<std::filesystem::path> policy;    ///< of `explain`: instead of the configured one
  ExplainRequest explain;
  ReplayRequest replay;
  SetupRequest setup;
};

/// Reads the command line. Help, version and usage errors are told at once; then the exit status is
/// returned instead.
[[nodiscard]] std::variant<CommandLine, int> parse_command_line(int argc, const char* const* argv);

}  // namespace gateway

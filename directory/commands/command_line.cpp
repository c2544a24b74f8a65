// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/command_line.h"

#include "policy/exit_status.h"

#include <optional>

#include <CLI/CLI.hpp>

namespace directory {

std::optional<CommandLine> parse_command_line(int argc, const char* const* argv, int& exit_status) {
  CommandLine line;
  CLI::App app{"Knows who is protected, and publishes it for fromguard-gateway."};
  app.set_version_flag("--version", "fromguard-directory " FROMGUARD_VERSION);
  app.require_subcommand(1);

  CLI::App* run = app.add_subcommand(
      "run", "Read every directory when it is due, and publish the people it has");
  run->add_option("--config", line.config, "directory.yaml")->required()->type_name("FILE");
  run->add_flag("--once", line.once, "Read every directory once, publish, exit");

  CLI::App* check = app.add_subcommand(
      "check", "Validate the configuration and the files it names; change nothing");
  check->add_option("--config", line.config, "directory.yaml")->required()->type_name("FILE");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool is_success = app.exit(error) == 0;
    exit_status =
        policy::to_int(is_success ? policy::ExitStatus::kDone : policy::ExitStatus::kUsage);
    return std::nullopt;
  }
  line.command = run->parsed() ? CommandLine::Command::kRun : CommandLine::Command::kCheck;
  return line;
}

}  // namespace directory

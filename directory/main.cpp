// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/admin_session.h"
#include "directory/commands/check.h"
#include "directory/commands/command_line.h"
#include "directory/commands/run.h"
#include "directory/settings.h"
#include "policy/config/problems.h"
#include "policy/event.h"
#include "policy/exit_status.h"

#include <cstdio>
#include <exception>
#include <filesystem>

#include <sys/stat.h>

namespace {

policy::ExitStatus carry_out(const directory::CommandLine& line) {
  policy::Problems problems;
  const auto settings = directory::load_settings(line.config, problems);
  const bool is_admin = line.command == directory::CommandLine::Command::kAdmin;
  // What is wrong with the configuration, and worth a warning, is told before anything is done. The
  // daemon has given the warnings when it started.
  if (!is_admin || !settings.has_value()) {
    static_cast<void>(std::fputs(problems.text().c_str(), stderr));
  }
  if (!settings.has_value()) {
    return policy::ExitStatus::kConfiguration;
  }
  if (line.command == directory::CommandLine::Command::kCheck) {
    return directory::check(*settings);
  }
  if (is_admin) {
    directory::AdminSession session{*settings, line.config};
    line.admin(session, line.options);
    return session.status();
  }
  const policy::EventLog log{policy::LogLevel::kInfo, policy::LogFormat::kText};
  const auto folder = std::filesystem::absolute(line.config).parent_path();
  return line.once ? directory::run_once(*settings, folder, log)
                   : directory::run(*settings, folder, log);
}

}  // namespace

int main(int argc, char** argv) {
  ::umask(S_IWGRP | S_IWOTH);
  try {
    int exit_status = 0;
    const auto line = directory::parse_command_line(argc, argv, exit_status);
    if (!line.has_value()) {
      return exit_status;
    }
    return policy::to_int(carry_out(*line));
  } catch (const std::exception& failure) {
    static_cast<void>(std::fprintf(stderr, "fromguard-directory: %s\n", failure.what()));
    return policy::to_int(policy::ExitStatus::kInternal);
  }
}

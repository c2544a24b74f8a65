// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli.h"
#include "gateway/daemon.h"
#include "gateway/in_force_source.h"
#include "gateway/replay/replay.h"
#include "gateway/session/judge.h"
#include "gateway/settings.h"
#include "gateway/setup/setup.h"
#include "gateway/snapshot/current_generation.h"
#include "gateway/tools/check.h"
#include "gateway/tools/explain.h"
#include "policy/config/problems.h"
#include "policy/exit_status.h"

#include <exception>
#include <iostream>
#include <optional>
#include <utility>
#include <variant>

#include <unistd.h>

namespace {

using gateway::CommandLine;
using policy::ExitStatus;

// What `explain` and `replay` judge by: what the daemon would take now, or fails with.
std::variant<gateway::InForce, ExitStatus> in_force_for(const gateway::Settings& settings) {
  gateway::InForceSource source{{.policy = settings.policy,
                                 .decorations = settings.decorations,
                                 .delegated_senders = settings.delegated_senders,
                                 .outbound_tenants = settings.outbound_tenants},
                                settings.snapshot,
                                settings.stale_after};
  const gateway::PolicyReload policy = source.refresh_policy(true);
  std::cerr << policy.problems.text();
  if (policy.outcome == gateway::PolicyReload::Outcome::kRefused) {
    return ExitStatus::kConfiguration;
  }
  const gateway::Refresh snapshot = source.refresh_snapshot();
  if (snapshot.outcome != gateway::RefreshOutcome::kSwapped) {
    std::cerr << settings.snapshot.string() << ": " << snapshot.error.message << '\n';
    return policy::exit_status_of(snapshot.error.code);
  }
  return source.get();
}

ExitStatus explain(CommandLine line, const gateway::Settings& settings) {
  auto in_force = in_force_for(settings);
  if (const auto* failed = std::get_if<ExitStatus>(&in_force); failed != nullptr) {
    return *failed;
  }
  const auto& judged_by = std::get<gateway::InForce>(in_force);
  if (line.command == CommandLine::Command::kExplainLines) {
    std::ios::sync_with_stdio(false);
    return gateway::explain_lines(judged_by, settings.session, std::cin, std::cout);
  }
  return gateway::explain(
      std::move(line.explain), judged_by, settings.session, settings.dns, std::cout);
}

ExitStatus replay(const CommandLine& line, const gateway::Settings& settings) {
  const auto in_force = in_force_for(settings);
  if (const auto* failed = std::get_if<ExitStatus>(&in_force); failed != nullptr) {
    return *failed;
  }
  const bool has_terminal = ::isatty(STDERR_FILENO) == 1;
  return gateway::replay(
      line.replay,
      std::get<gateway::InForce>(in_force),
      settings.session,
      {.output = std::cout, .errors = std::cerr, .terminal = has_terminal ? &std::cerr : nullptr});
}

ExitStatus carry_out(CommandLine line) {
  policy::Problems problems;
  auto settings = gateway::load_settings(line.config, problems);
  if (!settings.has_value()) {
    std::cerr << problems.text();
    return ExitStatus::kConfiguration;
  }
  if (line.command == CommandLine::Command::kCheck) {
    return gateway::check(*settings, problems, std::cout, std::cerr);
  }
  std::cerr << problems.text();
  if (line.command == CommandLine::Command::kRun) {
    return gateway::run_daemon(*settings);
  }
  if (line.command == CommandLine::Command::kReplay) {
    return replay(line, *settings);
  }
  if (line.command == CommandLine::Command::kSetupPostfix) {
    return gateway::setup_postfix(
        line.setup, *settings, {.output = std::cout, .errors = std::cerr});
  }
  if (line.command == CommandLine::Command::kSetupSendmail) {
    return gateway::setup_sendmail(
        line.setup, *settings, {.output = std::cout, .errors = std::cerr});
  }
  if (line.snapshot.has_value()) {
    settings->snapshot = *line.snapshot;
  }
  if (line.policy.has_value()) {
    settings->policy = *line.policy;
  }
  return explain(std::move(line), *settings);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    auto line = gateway::parse_command_line(argc, argv);
    if (const int* status = std::get_if<int>(&line); status != nullptr) {
      return *status;
    }
    return policy::to_int(carry_out(std::get<CommandLine>(std::move(line))));
  } catch (const std::exception& error) {
    std::cerr << "fromguard-gateway: " << error.what() << '\n';
    return policy::to_int(ExitStatus::kInternal);
  }
}

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli.h"

#include "policy/exit_status.h"

#include <iostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <CLI/CLI.hpp>

namespace gateway {
namespace {

struct Texts {
  std::string config;
  std::string snapshot;
  std::string policy;
  std::string message;
  std::string helo;
  std::vector<std::string> recipients;
};

void add_config(CLI::App& command, Texts& texts) {
  command.add_option("--config", texts.config, "gateway.yaml")->required()->type_name("FILE");
}

void add_explain(CLI::App& explain, Texts& texts, CommandLine& line, bool& as_lines) {
  add_config(explain, texts);
  explain.add_flag("--json", line.explain.as_json, "print JSON");
  explain.add_flag("--jsonl", as_lines, "one request a line on standard input, one verdict a line");
  explain.add_option("--client-ip", line.explain.told.client_ip, "address of the client")
      ->type_name("IP");
  explain.add_option("--helo", texts.helo, "what the client said; no effect in this version")
      ->type_name("NAME");
  explain.add_option("--mail-from", line.explain.told.mail_from, "envelope sender")
      ->type_name("ADDR");
  explain
      .add_option("--rcpt",
                  texts.recipients,
                  "envelope recipient, again for each; without it every organization is asked")
      ->type_name("ADDR")
      ->expected(1)
      ->take_all();
  explain.add_option("--snapshot", texts.snapshot, "folder of another snapshot")->type_name("DIR");
  explain.add_option("--policy", texts.policy, "another policy")->type_name("FILE");
  explain.add_option("message", texts.message, "message to judge; - is standard input")
      ->type_name("MESSAGE");
}

void fill(CommandLine& line, Texts texts) {
  line.config = texts.config;
  if (!texts.snapshot.empty()) {
    line.snapshot = texts.snapshot;
  }
  if (!texts.policy.empty()) {
    line.policy = texts.policy;
  }
  line.explain.message = texts.message;
  if (!texts.recipients.empty()) {
    line.explain.told.recipients = std::move(texts.recipients);
  }
}

}  // namespace

std::variant<CommandLine, int> parse_command_line(int argc, const char* const* argv) {
  CLI::App app{"fromguard-gateway: finds forged names in the From field of mail",
               "fromguard-gateway"};
  app.set_version_flag("--version", std::string{"fromguard-gateway "} + FROMGUARD_VERSION);
  app.require_subcommand(1);
  Texts texts;
  CommandLine line;
  bool as_lines = false;
  CLI::App* run = app.add_subcommand("run", "serve MTAs; stays in the foreground");
  add_config(*run, texts);
  CLI::App* check = app.add_subcommand("check", "validate the configuration, policy and snapshot");
  add_config(*check, texts);
  CLI::App* explain = app.add_subcommand("explain", "judge a message and say why");
  add_explain(*explain, texts, line, as_lines);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : to_int(policy::ExitStatus::kUsage);
  }
  if (as_lines && !texts.message.empty()) {
    std::cerr << "--jsonl reads requests from standard input; leave out the message\n";
    return to_int(policy::ExitStatus::kUsage);
  }
  if (check->parsed()) {
    line.command = CommandLine::Command::kCheck;
  } else if (explain->parsed()) {
    line.command = as_lines ? CommandLine::Command::kExplainLines : CommandLine::Command::kExplain;
  }
  fill(line, std::move(texts));
  return line;
}

}  // namespace gateway

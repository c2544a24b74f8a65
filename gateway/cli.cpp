// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli.h"

#include "policy/exit_status.h"

#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <CLI/CLI.hpp>

namespace gateway {
namespace {

constexpr std::string_view kReplayNotes =
    R"(A mailbox is split at each "From " line at its start or after an empty line. Symbolic links below
a PATH are not followed. Findings that hang on SPF, DKIM or DMARC are judged by the topmost
Authentication-Results of a server in the policy's authentication.trusted_authserv_ids, and left
out without one.

--json writes one object a line: {"type":"difference", path, message (its number in a mailbox),
message_id, from, mail_from, in_force, candidate} for each message that the two policies treat
differently, with the verdicts as explain --jsonl has them; then one {"type":"summary", messages,
cut_headers, not_read, passed_over, in_force, candidate, differences, rules, people}.

Exit status: 66 if a PATH is absent, 78 if a policy is wrong, both before anything is read; 74 if
something could not be read, 65 if something is no mail, both after all else was judged.)";

struct Texts {
  std::string config;
  std::string snapshot;
  std::string policy;
  std::string message;
  std::vector<std::string> recipients;
  std::string candidate;
  std::vector<std::string> mail;
};

void add_config(CLI::App& command, Texts& texts) {
  command.add_option("--config", texts.config, "gateway.yaml")->required()->type_name("FILE");
}

void add_explain(CLI::App& explain, Texts& texts, CommandLine& line, bool& as_lines) {
  add_config(explain, texts);
  explain.add_flag("--json", line.explain.as_json, "print JSON");
  explain.add_flag("--jsonl", as_lines, "one request a line on standard input, one verdict a line");
  explain
      .add_option("--client-ip",
                  line.explain.told.client_ip,
                  "address of the client; with it SPF, DKIM and DMARC are worked out over the "
                  "network, where the verdict hangs on them")
      ->type_name("IP");
  explain.add_option("--helo", line.explain.told.helo, "what the client called itself")
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

void add_replay(CLI::App& replay, Texts& texts, CommandLine& line) {
  add_config(replay, texts);
  replay.add_option("--policy", texts.candidate, "a candidate to compare with the policy in force")
      ->type_name("FILE");
  replay.add_flag(
      "--json", line.replay.as_json, "one line for each message that differs, then a summary");
  replay
      .add_option("path",
                  texts.mail,
                  "mbox file, message, Maildir, or folder of .eml and mbox files; mail without "
                  "Delivered-To, X-Original-To or Envelope-To is asked of every organization")
      ->required()
      ->type_name("PATH");
  replay.footer(std::string{kReplayNotes});
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
  line.replay.paths.assign(texts.mail.begin(), texts.mail.end());
  if (!texts.candidate.empty()) {
    line.replay.candidate = texts.candidate;
  }
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
  CLI::App* replay = app.add_subcommand(
      "replay", "judge stored mail and say what the policy, or another one, would have done");
  add_replay(*replay, texts, line);
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
  } else if (replay->parsed()) {
    line.command = CommandLine::Command::kReplay;
  }
  fill(line, std::move(texts));
  return line;
}

}  // namespace gateway

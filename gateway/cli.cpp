// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli.h"

#include "gateway/setup/setup.h"
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

constexpr std::string_view kPostfixNotes =
    R"(Milters that are there stay, and are asked before the gateway. What happens while the gateway does
not answer is said for it alone: tempfail, so that mail comes later. non_smtpd_milters and master.cf
are left alone; services there that go without the gateway are named.

--apply and --remove first keep a copy of main.cf beside it, and tell how to put it back. Neither
changes anything twice. Processes of Postfix that start take the change up, --reload makes all of them
do so at once; so --apply changes nothing before the gateway listens, which would defer mail.

Exit status: 69 if Postfix is missing, or the gateway does not listen yet; 66 if there is no main.cf, 77 if
it must not be changed, 78 if gateway.yaml is wrong or names a socket that Postfix cannot see.)";

constexpr std::string_view kSendmailNotes =
    R"(Filters that are there stay, and are asked before the gateway; F=T lets mail come later while it does
not answer. It asks for the macros it needs by itself.

--apply looks at what m4 makes of the file before it takes the place of the old one. --apply and
--remove keep a copy of it first, and tell how to put it back. Neither changes anything twice, and
neither makes sendmail.cf: the command for that is told.

Exit status: 66 if there is no sendmail.mc, 65 if it cannot be understood, 69 if m4 is missing or fails,
77 if the file must not be changed, 78 if gateway.yaml is wrong.)";

struct Texts {
  std::string config;
  std::string snapshot;
  std::string policy;
  std::string message;
  std::vector<std::string> recipients;
  std::string candidate;
  std::vector<std::string> mail;
  std::string postfix_folder;
  std::string sendmail_mc;
  std::string sendmail_macros;
  bool applies = false;
  bool removes = false;
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

void add_mode(CLI::App& command, Texts& texts) {
  command.add_option("--config", texts.config, "gateway.yaml, whose `listen` is set up")
      ->type_name("FILE")
      ->default_str(kUsualConfig);
  CLI::Option* apply =
      command.add_flag("--apply", texts.applies, "put it there; else it is printed");
  command.add_flag("--remove", texts.removes, "take it out again")->excludes(apply);
}

void add_setup(CLI::App& setup, Texts& texts, CommandLine& line) {
  setup.require_subcommand(1);
  CLI::App* postfix = setup.add_subcommand("postfix", "lines for main.cf");
  add_mode(*postfix, texts);
  postfix->add_flag("--reload", line.setup.reload, "reload Postfix after --apply or --remove");
  postfix->add_option("--postfix-config", texts.postfix_folder, "folder of another main.cf")
      ->type_name("DIR");
  postfix->footer(std::string{kPostfixNotes});
  CLI::App* sendmail = setup.add_subcommand("sendmail", "a line for sendmail.mc");
  add_mode(*sendmail, texts);
  sendmail
      ->add_option("--sendmail-mc", texts.sendmail_mc, "the file; default: /etc/mail/sendmail.mc")
      ->type_name("FILE");
  sendmail
      ->add_option("--sendmail-cf",
                   texts.sendmail_macros,
                   "folder of Sendmail's macros, for a file that does not include them; default: "
                   "/usr/share/sendmail/cf")
      ->type_name("DIR");
  sendmail->footer(std::string{kSendmailNotes});
}

void fill_setup(CommandLine& line, const Texts& texts) {
  line.setup.config = texts.config;
  line.setup.postfix_folder = texts.postfix_folder;
  if (!texts.sendmail_mc.empty()) {
    line.setup.sendmail_mc = texts.sendmail_mc;
  }
  if (!texts.sendmail_macros.empty()) {
    line.setup.sendmail_macros = texts.sendmail_macros;
  }
  if (texts.applies) {
    line.setup.mode = SetupRequest::Mode::kApply;
  } else if (texts.removes) {
    line.setup.mode = SetupRequest::Mode::kRemove;
  }
}

void fill(CommandLine& line, Texts texts) {
  if (texts.config.empty()) {
    texts.config = kUsualConfig;
  }
  fill_setup(line, texts);
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
  CLI::App* setup =
      app.add_subcommand("setup", "have Postfix or Sendmail ask the gateway, or show how");
  add_setup(*setup, texts, line);
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
  if (line.setup.reload && !texts.applies && !texts.removes) {
    std::cerr << "--reload is for --apply or --remove\n";
    return to_int(policy::ExitStatus::kUsage);
  }
  if (check->parsed()) {
    line.command = CommandLine::Command::kCheck;
  } else if (explain->parsed()) {
    line.command = as_lines ? CommandLine::Command::kExplainLines : CommandLine::Command::kExplain;
  } else if (replay->parsed()) {
    line.command = CommandLine::Command::kReplay;
  } else if (setup->parsed()) {
    line.command = setup->got_subcommand("postfix") ? CommandLine::Command::kSetupPostfix
                                                    : CommandLine::Command::kSetupSendmail;
  }
  fill(line, std::move(texts));
  return line;
}

}  // namespace gateway

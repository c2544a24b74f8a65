// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/command_line.h"

#include "directory/commands/admin_grammar.h"
#include "directory/commands/completion.h"
#include "policy/exit_status.h"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace directory {
namespace {

// What one argument takes: CLI11 gives a list all that is left.
struct ParsedArgument {
  std::string single;
  std::vector<std::string> list;
};

// An admin command and where CLI11 puts what it is given; stays where it is.
struct Parsed {
  const CommandGrammar* grammar = nullptr;
  CLI::App* app = nullptr;
  std::deque<ParsedArgument> arguments;
  std::map<std::string, std::vector<std::string>> values;
};

void add_option(Parsed& parsed, const OptionGrammar& option) {
  const std::string name{option.name};
  const std::string help{option.help};
  if (option.kind == OptionGrammar::Kind::kFlag) {
    parsed.app->add_flag(name, help);
    return;
  }
  CLI::Option* added = parsed.app->add_option(name, parsed.values[name], help);
  added->type_name(option.kind == OptionGrammar::Kind::kFile ? "FILE" : "TEXT")->expected(1);
  if (option.kind == OptionGrammar::Kind::kList) {
    added->expected(1, -1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  }
}

void add_command(CLI::App& parent, Parsed& parsed, CommandLine& line) {
  const CommandGrammar& grammar = *parsed.grammar;
  parsed.app = parent.add_subcommand(std::string{grammar.name}, std::string{grammar.help});
  parsed.app->add_option("--config", line.config, "directory.yaml")->required()->type_name("FILE");
  const std::string json_help = "Write JSON alone to standard output";
  parsed.app->add_flag("--json", json_help);
  for (const ArgumentGrammar& argument : grammar.arguments) {
    const std::string name{argument.name};
    ParsedArgument& taken = parsed.arguments.emplace_back();
    CLI::Option* added = argument.is_list ? parsed.app->add_option(name, taken.list)
                                          : parsed.app->add_option(name, taken.single);
    added->type_name("")->required(argument.is_required);
  }
  for (const OptionGrammar& option : grammar.options) {
    add_option(parsed, option);
  }
}

void add_admin_commands(CLI::App& app, std::deque<Parsed>& parsed, CommandLine& line) {
  std::map<std::string_view, CLI::App*> groups;
  for (const GroupGrammar& group : admin_groups()) {
    CLI::App* added = app.add_subcommand(std::string{group.name}, std::string{group.help});
    added->require_subcommand(1);
    groups.emplace(group.name, added);
  }
  for (const CommandGrammar& grammar : admin_grammar()) {
    Parsed& command = parsed.emplace_back();
    command.grammar = &grammar;
    add_command(grammar.group.empty() ? app : *groups.at(grammar.group), command, line);
  }
}

// An argument that is not required may be absent.
void take_arguments(const Parsed& command, std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const ParsedArgument& taken = command.arguments[i];
    const std::string name{command.grammar->arguments[i].name};
    if (command.grammar->arguments[i].is_list) {
      arguments.insert(arguments.end(), taken.list.begin(), taken.list.end());
    } else if (command.app->count(name) > 0) {
      arguments.push_back(taken.single);
    }
  }
}

void take_options(const Parsed& command, CommandLine& line) {
  for (const CLI::Option* option : command.app->get_options()) {
    const std::string name = option->get_single_name();
    if (option->count() > 0 && !option->get_lnames().empty()) {
      const auto values = command.values.find("--" + name);
      line.options.values[name] =
          values == command.values.end() ? std::vector<std::string>{} : values->second;
    }
  }
}

// What the admin command was given, if it is one.
void take_admin_command(const std::deque<Parsed>& parsed, CommandLine& line) {
  for (const Parsed& command : parsed) {
    if (command.app->parsed()) {
      line.command = CommandLine::Command::kAdmin;
      line.admin = command.grammar->command;
      take_arguments(command, line.options.arguments);
      take_options(command, line);
    }
  }
}

}  // namespace

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

  const CLI::App* completion = app.add_subcommand(
      "completion", "Write what completes commands in bash, and in zsh after bashcompinit");

  std::deque<Parsed> parsed;
  add_admin_commands(app, parsed, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool is_success = app.exit(error) == 0;
    exit_status =
        policy::to_int(is_success ? policy::ExitStatus::kDone : policy::ExitStatus::kUsage);
    return std::nullopt;
  }
  if (completion->parsed()) {
    fmt::print("{}", completion_script(app));
    exit_status = policy::to_int(policy::ExitStatus::kDone);
    return std::nullopt;
  }
  line.command = run->parsed() ? CommandLine::Command::kRun : CommandLine::Command::kCheck;
  take_admin_command(parsed, line);
  return line;
}

}  // namespace directory

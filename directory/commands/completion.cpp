// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/completion.h"

#include <string>

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace directory {
namespace {

// Names of commands and options hold nothing that a shell would read otherwise.
constexpr const char* kBegin = R"(# bash completion of fromguard-directory
_fromguard_directory() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path= choices= i
  case $before in
    --config|--file|--password-file) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case $path/${COMP_WORDS[i]} in
)";

constexpr const char* kMiddle = R"(    esac
  done
  case $path in
)";

constexpr const char* kEnd = R"(  esac
  COMPREPLY=($(compgen -W "$choices" -- "$word"))
}
complete -o default -F _fromguard_directory fromguard-directory
)";

std::string choices_of(const CLI::App& app) {
  std::string choices;
  for (const CLI::App* command : app.get_subcommands({})) {
    choices += (choices.empty() ? "" : " ") + command->get_name();
  }
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      choices += (choices.empty() ? "--" : " --") + name;
    }
  }
  return choices;
}

// The words that lead to each command, and what may follow each.
void add_commands(const CLI::App& app,
                  const std::string& path,
                  std::string& paths,
                  std::string& choices) {
  choices += fmt::format("    \"{}\") choices=\"{}\" ;;\n", path, choices_of(app));
  for (const CLI::App* command : app.get_subcommands({})) {
    const std::string further = path + "/" + command->get_name();
    paths += fmt::format("      {}) path={} ;;\n", further, further);
    add_commands(*command, further, paths, choices);
  }
}

}  // namespace

std::string completion_script(const CLI::App& app) {
  std::string paths;
  std::string choices;
  add_commands(app, "", paths, choices);
  return kBegin + paths + kMiddle + choices + kEnd;
}

}  // namespace directory

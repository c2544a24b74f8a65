// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/completion.h"

#include <set>
#include <string>

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace directory {
namespace {

// Names of commands and options hold nothing that a shell would read otherwise. Files follow the
// options that take one; what follows other options with a value is for the person to write.
constexpr const char* kBegin = R"(# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
#
# bash completion of fromguard-directory
_fromguard_directory() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path= choices= i
  case $before in
)";

constexpr const char* kPaths = R"(  esac
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

// What the options of all commands take: a file, or another text.
struct ValueOptions {
  std::set<std::string> files;
  std::set<std::string> texts;
};

void collect(const CLI::App& app, ValueOptions& into) {
  for (const CLI::Option* option : app.get_options()) {
    const bool takes_value = option->get_items_expected_max() > 0;
    if (takes_value && !option->get_lnames().empty()) {
      const bool takes_file = option->get_type_name() == "FILE";
      (takes_file ? into.files : into.texts).insert("--" + option->get_single_name());
    }
  }
  for (const CLI::App* command : app.get_subcommands({})) {
    collect(*command, into);
  }
}

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
  ValueOptions options;
  collect(app, options);
  const std::string values = fmt::format(
      "    {})\n"
      "      compopt -o filenames 2>/dev/null\n"
      "      mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
      "      return ;;\n"
      "    {})\n"
      "      compopt +o default 2>/dev/null\n"
      "      COMPREPLY=()\n"
      "      return ;;\n",
      fmt::join(options.files, "|"),
      fmt::join(options.texts, "|"));
  return kBegin + values + kPaths + paths + kMiddle + choices + kEnd;
}

}  // namespace directory

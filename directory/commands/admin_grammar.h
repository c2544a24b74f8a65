// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/commands/admin_commands.h"

#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

/// An argument of an admin command that has no dash.
struct ArgumentGrammar {
  std::string_view name;  ///< as help shows it
  bool is_required = true;
  bool is_list = false;  ///< one or more; the last argument alone
};

/// An option of an admin command.
struct OptionGrammar {
  enum class Kind {
    kFlag,
    kValue,
    kFile,  ///< the path of a file, which shells complete
    kList,
  };

  constexpr OptionGrammar(std::string_view named, Kind of, std::string_view says)
      : name(named), kind(of), help(says) {}

  std::string_view name;  ///< with its dashes
  Kind kind;
  std::string_view help;
};

/// What the command line of an admin command looks like.
struct CommandGrammar {
  CommandGrammar(std::pair<std::string_view, std::string_view> named,
                 std::string_view says,
                 AdminCommand does,
                 std::vector<ArgumentGrammar> takes,
                 std::vector<OptionGrammar> may_have)
      : group(named.first),
        name(named.second),
        help(says),
        command(does),
        arguments(std::move(takes)),
        options(std::move(may_have)) {}

  std::string_view group;  ///< `directories`, say; empty for a command of one word
  std::string_view name;
  std::string_view help;
  AdminCommand command;
  std::vector<ArgumentGrammar> arguments;
  std::vector<OptionGrammar> options;  ///< besides --config and --json
};

/// What a group of commands is about, for its help.
struct GroupGrammar {
  constexpr GroupGrammar(std::string_view named, std::string_view says) : name(named), help(says) {}

  std::string_view name;
  std::string_view help;
};

[[nodiscard]] std::span<const GroupGrammar> admin_groups();
[[nodiscard]] const std::vector<CommandGrammar>& admin_grammar();

}  // namespace directory

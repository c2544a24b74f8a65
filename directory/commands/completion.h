// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}  // namespace CLI

namespace directory {

/// A script for bash, and for zsh after `autoload -U bashcompinit && bashcompinit`, that completes
/// the commands and options of `app`, and file names after those that take a file.
[[nodiscard]] std::string completion_script(const CLI::App& app);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/confirmation.h"

#include "directory/commands/admin_session.h"
#include "policy/exit_status.h"
#include "policy/name/visible_text.h"

#include <cstdio>
#include <iostream>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

namespace directory {

bool is_confirmed(AdminSession& session, const AdminOptions& options, const std::string& what) {
  if (options.has("yes")) {
    return true;
  }
  if (::isatty(STDIN_FILENO) != 1) {
    session.fail(policy::ExitStatus::kDenied, what + "; that needs a yes: add --yes");
    return false;
  }
  fmt::print(stderr, "{}. Type yes to go on: ", policy::visible_text(what));
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "yes") {
    session.fail(policy::ExitStatus::kDenied, "nothing was done");
    return false;
  }
  return true;
}

}  // namespace directory

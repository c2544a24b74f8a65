// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/password_input.h"

#include "directory/commands/admin_session.h"
#include "policy/exit_status.h"

#include <cstdio>
#include <iostream>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

namespace directory {
namespace {

using policy::ExitStatus;

// While it lives, the terminal shows nothing of what is typed.
class HiddenTyping {
 public:
  HiddenTyping() : is_hidden_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_hidden_ = is_hidden_ && ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }

  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;
  HiddenTyping(HiddenTyping&&) = delete;
  HiddenTyping& operator=(HiddenTyping&&) = delete;

  ~HiddenTyping() {
    if (is_hidden_) {
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
  }

  [[nodiscard]] bool is_hidden() const { return is_hidden_; }

 private:
  termios before_{};
  bool is_hidden_ = false;
};

std::string typed(const char* prompt) {
  fmt::print(stderr, "{}", prompt);
  std::string line;
  std::getline(std::cin, line);
  fmt::print(stderr, "\n");
  return line;
}

}  // namespace

std::optional<std::string> read_new_password(AdminSession& session, const AdminOptions& options) {
  if (options.has("password-stdin")) {
    std::string line;
    if (!std::getline(std::cin, line)) {
      session.fail(ExitStatus::kNoInput, "standard input holds no password");
      return std::nullopt;
    }
    return line;
  }
  const HiddenTyping hidden;
  if (!hidden.is_hidden()) {
    session.fail(ExitStatus::kUsage,
                 "there is no terminal to ask for the password; give it on standard input with "
                 "--password-stdin");
    return std::nullopt;
  }
  std::string password = typed("New password: ");
  if (password != typed("Once more: ")) {
    session.fail(ExitStatus::kBadData, "the two passwords differ; nothing was changed");
    return std::nullopt;
  }
  return password;
}

}  // namespace directory

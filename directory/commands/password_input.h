// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/commands/admin_session.h"

#include <optional>
#include <string>

namespace directory {

/// A new password: asked for twice on the terminal, without showing it, or with --password-stdin
/// the first line of standard input. Never from the command line, which others can see. Nothing if
/// there is none; the session is told why.
[[nodiscard]] std::optional<std::string> read_new_password(AdminSession& session,
                                                           const AdminOptions& options);

}  // namespace directory

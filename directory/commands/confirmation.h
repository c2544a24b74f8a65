// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/commands/admin_session.h"

#include <string>

namespace directory {

/// Whether a person says yes to this on the terminal, or has said --yes. If not, the command fails
/// with `kDenied`. `what` is a sentence without full stop: what will be done.
[[nodiscard]] bool is_confirmed(AdminSession& session,
                                const AdminOptions& options,
                                const std::string& what);

}  // namespace directory

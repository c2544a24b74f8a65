// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/principal.h"
#include "directory/http/server.h"

#include <optional>
#include <string>

namespace directory {

/// Who asks through the Unix socket, an admin of every organization; nothing if that may not:
/// allowed are root, the daemon's own user, and the members of the group of this name if the system
/// knows it.
[[nodiscard]] std::optional<Principal> allowed_peer(const PeerCredentials& peer,
                                                    const std::string& group);

}  // namespace directory

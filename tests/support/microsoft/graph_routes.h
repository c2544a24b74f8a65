// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/message.h"

#include <string>

namespace tests::microsoft {

/// Answers a call by its method and path, if the token's roles allow it. The call's path and query
/// are read from its request.
[[nodiscard]] Response answer_routed(GraphCall call);

/// Whether the request says that it has time: `x-ms-throttle-priority: low`.
[[nodiscard]] bool has_time(const Request& request);

/// Whether scans alone ask for this path, whose requests should say that they have time.
[[nodiscard]] bool is_for_scans(const std::string& path);

/// Whose mailbox a path leads to, as it is written there, in lower case; empty if to none.
[[nodiscard]] std::string mailbox_of(const std::string& path);

}  // namespace tests::microsoft

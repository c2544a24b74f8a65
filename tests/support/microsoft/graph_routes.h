// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/message.h"

namespace tests::microsoft {

/// Answers a call by its method and path, if the token's roles allow it. The call's path and query
/// are read from its request.
[[nodiscard]] Response answer_routed(GraphCall call);

}  // namespace tests::microsoft

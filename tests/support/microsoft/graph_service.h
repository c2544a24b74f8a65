// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

namespace tests::microsoft {

/// Answers a request to Graph, `/v1.0/...`, a `$batch` too.
[[nodiscard]] Response answer_graph(World& world, const Request& request);

}  // namespace tests::microsoft

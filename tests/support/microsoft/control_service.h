// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

namespace tests::microsoft {

/// Answers a test's request to `/control/...`: JSON in, JSON out; 400 with `{"error": TEXT}` for
/// what is not understood. README.md lists what there is.
[[nodiscard]] Response answer_control(World& world, const Request& request);

}  // namespace tests::microsoft

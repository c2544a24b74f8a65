// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

namespace tests::microsoft {

/// Answers any request: those of tests to `/control/`, the others as Microsoft does, with the
/// faults and the throttling that tests asked for.
[[nodiscard]] Response answer(World& world, const Request& request);

}  // namespace tests::microsoft

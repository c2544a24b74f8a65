// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

namespace tests::microsoft {

/// The answer to a request that the throttle refuses.
[[nodiscard]] Response throttled(World& world);

}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

namespace tests::microsoft {

/// Answers a request to the login service: tokens by client credentials, and the consent of an
/// administrator who clicks at once.
[[nodiscard]] Response answer_login(World& world, const Request& request);

}  // namespace tests::microsoft

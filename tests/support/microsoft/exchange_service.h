// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <string>

namespace tests::microsoft {

/// Answers a request to Exchange Online's administration: InvokeCommand and EXOModuleFile.
[[nodiscard]] Response answer_exchange(World& world, const Request& request);

/// The cmdlet that a request to InvokeCommand is for, as it is written there; empty if it names
/// none.
[[nodiscard]] std::string cmdlet_of(const Request& request);

}  // namespace tests::microsoft

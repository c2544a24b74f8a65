// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <chrono>
#include <string>

namespace tests::microsoft {

/// Answers a request to Exchange Online's administration: InvokeCommand and EXOModuleFile.
[[nodiscard]] Response answer_exchange(World& world, const Request& request);

/// The cmdlet that a request to InvokeCommand is for, as it is written there; empty if it names
/// none.
[[nodiscard]] std::string cmdlet_of(const Request& request);

/// From now on for so long the request is under way, and others of its tenant are refused.
void keep_busy(World& world, const Request& request, std::chrono::milliseconds time);

}  // namespace tests::microsoft

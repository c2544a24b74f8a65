// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/object.hpp>

namespace tests::microsoft {

/// Answers a test's GET. Throws std::exception for what is not understood.
[[nodiscard]] json::object read_control(World& world, const Request& request);

}  // namespace tests::microsoft

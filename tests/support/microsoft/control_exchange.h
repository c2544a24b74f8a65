// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/control_fields.h"
#include "tests/support/microsoft/exchange_state.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/object.hpp>

namespace tests::microsoft {

// What a test asks of Exchange in the control API. All throw std::exception for what is not
// understood; README.md says what the fields are.

/// Makes an object, or changes the one of the same `Guid`; tells its `guid`.
[[nodiscard]] json::object seed_exchange_object(World& world, ControlFields& fields);

/// Removes the object of the `guid`, without it all.
[[nodiscard]] json::object remove_exchange_objects(World& world, ControlFields& fields);

/// Sets what the application may do.
[[nodiscard]] json::object set_exchange_roles(World& world, ControlFields& fields);

/// Sets how lists are cut into pages.
[[nodiscard]] json::object set_exchange_pages(World& world, ControlFields& fields);

/// All objects with all properties.
[[nodiscard]] json::object read_exchange_objects(const ExchangeState& exchange);

}  // namespace tests::microsoft

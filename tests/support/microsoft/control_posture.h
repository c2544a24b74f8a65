// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/control_fields.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/object.hpp>

namespace tests::microsoft {

// What a test sets of what posture findings look at. All throw std::exception for what is not
// understood; README.md says what the fields are. What is left out stays.

/// Sets what is told of one user's methods and mailbox.
[[nodiscard]] json::object set_mailbox(World& world, ControlFields& fields);

/// Sets applications, service principals and what they may do.
[[nodiscard]] json::object set_applications(World& world, ControlFields& fields);

/// Sets properties of the organization.
[[nodiscard]] json::object set_organization(World& world, ControlFields& fields);

/// Sets how the lists of these are cut into pages.
[[nodiscard]] json::object set_posture_pages(World& world, ControlFields& fields);

}  // namespace tests::microsoft

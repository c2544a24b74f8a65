// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/control_fields.h"
#include "tests/support/microsoft/random.h"
#include "tests/support/microsoft/tenant.h"

#include <boost/json/object.hpp>

namespace tests::microsoft {

/// Applies `{"operations": [...], "random_changes": N}` and tells the `ids` of what the operations
/// touched, in their order. Throws std::exception for what is not understood.
[[nodiscard]] json::object apply_changes(Tenant& tenant, Random& random, ControlFields& fields);

}  // namespace tests::microsoft

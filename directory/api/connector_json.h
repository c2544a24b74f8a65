// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/provisioning/connector_control.h"
#include "directory/store/directory_key.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <vector>

namespace directory {

/// A plan, or what came of it. What others have named is made visible; secrets are left out.
[[nodiscard]] boost::json::object to_json(const DirectoryKey& key, const PlanReport& report);

[[nodiscard]] boost::json::object to_json(const ConnectorStanding& standing);

/// What must hold, and whether all of it does.
[[nodiscard]] boost::json::object to_json(const std::vector<Requirement>& requirements);

}  // namespace directory

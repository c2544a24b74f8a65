// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/lookup.h"
#include "directory/store/directory_content.h"
#include "policy/result.h"

#include <boost/json/object.hpp>

namespace directory {

/// A group that protects others, as `ProtectingGroup` in openapi.yaml.
[[nodiscard]] boost::json::object to_json(const GroupStanding& standing);

/// How a person is protected, as `PersonProtection` in openapi.yaml.
[[nodiscard]] boost::json::object to_json(const PersonStanding& standing);

/// How a group is protected, by itself and through the groups around it: `GroupProtection` in
/// openapi.yaml.
[[nodiscard]] policy::Result<boost::json::object> group_protection(const DirectoryLookup& lookup,
                                                                   const StoredGroup& group);

}  // namespace directory

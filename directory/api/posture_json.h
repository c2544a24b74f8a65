// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/posture/finding_counts.h"
#include "directory/posture/finding_store.h"
#include "directory/posture/posture_control.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace directory {

/// A finding, with its kind; what others have named is made visible.
[[nodiscard]] boost::json::object to_json(const KeptFinding& kept);

[[nodiscard]] boost::json::object to_json(const PostureStanding& standing);

/// Every kind of finding with how many there are in each state.
[[nodiscard]] boost::json::array summary_json(const FindingCounts& counts);

}  // namespace directory

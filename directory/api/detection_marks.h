// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/state_database.h"
#include "policy/detection_record/detection_record.h"
#include "policy/result.h"

#include <string>

namespace directory {

/// The record as the API shows it, as JSON: all that the gateway wrote, and `mark`, null where
/// nobody has marked it.
[[nodiscard]] policy::Result<std::string> marked_json(const StateReader& reader,
                                                      const policy::DetectionRecord& record);

}  // namespace directory

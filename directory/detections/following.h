// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/detections/detections.h"
#include "directory/task.h"
#include "policy/event.h"

namespace directory {

/// Catches up each second, for ever, and takes older records in between. That the database cannot
/// be read is logged once until it can be again. Both must outlive the executor's run.
[[nodiscard]] Task<void> follow_detections(Detections& detections, const policy::EventLog& log);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/detection_record/detection_record.h"

#include <filesystem>
#include <vector>

namespace gateway {

/// The records in a database of detections that nobody has open, in their order. Throws
/// std::runtime_error if one cannot be read.
[[nodiscard]] std::vector<policy::DetectionRecord> kept_detections(
    const std::filesystem::path& folder);

}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/detection_record/detection_record.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// A detection on Ada Lovelace of contoso, its id the first one of that second.
[[nodiscard]] policy::DetectionRecord detection_at(std::int64_t seconds);

/// Writes them as the gateway does, which closes its database again. Throws if it cannot.
void write_detections(const std::filesystem::path& folder,
                      const std::vector<policy::DetectionRecord>& records);

/// Writes any octets under any key into the database of the gateway.
void write_octets(const std::filesystem::path& folder,
                  const std::string& key,
                  std::string_view octets);

}  // namespace tests

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/posture/finding.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// How many subjects a finding has in each state.
struct StateCounts {
  std::int64_t open = 0;
  std::int64_t resolved = 0;
  std::int64_t not_evaluated = 0;

  [[nodiscard]] std::int64_t& of(FindingState state);

  friend bool operator==(const StateCounts&, const StateCounts&) = default;
};

/// By the id of the finding. One that nobody has may be missing.
using FindingCounts = std::map<std::string, StateCounts, std::less<>>;

/// One text for each finding, as they are kept; and back: what makes no sense is left out.
[[nodiscard]] std::vector<std::string> texts_of(const FindingCounts& counts);
[[nodiscard]] FindingCounts counts_of(const std::vector<std::string>& texts);

}  // namespace directory

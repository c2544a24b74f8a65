// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/finding_counts.h"

#include "directory/posture/finding.h"

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace directory {

std::int64_t& StateCounts::of(FindingState state) {
  switch (state) {
    case FindingState::kOpen: return open;
    case FindingState::kResolved: return resolved;
    case FindingState::kNotEvaluated: break;
  }
  return not_evaluated;
}

std::vector<std::string> texts_of(const FindingCounts& counts) {
  std::vector<std::string> texts;
  texts.reserve(counts.size());
  for (const auto& [finding, count] : counts) {
    texts.push_back(
        fmt::format("{} {} {} {}", finding, count.open, count.resolved, count.not_evaluated));
  }
  return texts;
}

FindingCounts counts_of(const std::vector<std::string>& texts) {
  FindingCounts counts;
  for (const std::string& text : texts) {
    std::istringstream words{text};
    std::string finding;
    StateCounts count;
    if (words >> finding >> count.open >> count.resolved >> count.not_evaluated) {
      counts[finding] = count;
    }
  }
  return counts;
}

}  // namespace directory

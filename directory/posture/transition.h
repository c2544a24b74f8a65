// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/posture/finding.h"
#include "directory/posture/finding_table.h"

#include <cstdint>
#include <optional>

namespace directory {

/// Which scan looks, and when.
struct ScanTime {
  std::uint64_t scan = 0;
  std::int64_t now = 0;  ///< seconds since 1970
};

/// What becomes of the finding that is kept (`before`: none, if there is none) by this observation
/// of its subject; no value: nothing is kept. An open finding that could not be looked at stays
/// open, a resolved one is not evaluated then: what cannot be seen is never shown as clean.
[[nodiscard]] std::optional<PostureFinding> after_observation(
    const std::optional<PostureFinding>& before,
    const FindingSubject& subject,
    const Observation& observation,
    const ScanTime& time);

/// What becomes of a finding whose subject is no longer there.
[[nodiscard]] std::optional<PostureFinding> after_disappearance(PostureFinding before,
                                                                const ScanTime& time);

}  // namespace directory

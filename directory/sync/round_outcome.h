// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/failure.h"
#include "directory/store/directory_content.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <functional>
#include <string>

namespace directory {

/// Why the reading of a directory did not come to its end.
struct RoundFailure {
  std::string what;  ///< stable word for notifications: `credential`, `shrink`, `csv`, say
  policy::Error error{.code = policy::ErrorCode::kUnavailable,
                      .message = {}};  ///< what happened and what to do
};

/// The failure of a round that could not read or write its own state.
[[nodiscard]] std::unexpected<RoundFailure> state_failure(policy::Error error);

/// The failure of a round for which Graph did not do what was asked.
[[nodiscard]] std::unexpected<RoundFailure> graph_round_failure(GraphFailure failure);

/// The content in force after a round.
struct RoundOutcome {
  SetCounts counts;
  bool was_full = false;
};

using RoundResult = std::expected<RoundOutcome, RoundFailure>;

/// Told how far a round is: what is being read, and how many things so far. False ends the round
/// where it is; the next one goes on from there.
using RoundProgress = std::function<bool(const std::string& what, std::uint64_t done)>;

/// `RoundFailure::what` of a round that somebody has cancelled: nothing is wrong.
inline constexpr const char* kCancelledRound = "cancelled";

/// The failure of a round that somebody has cancelled.
[[nodiscard]] std::unexpected<RoundFailure> cancelled_round();

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/round_outcome.h"

#include "directory/graph/failure.h"
#include "policy/result.h"

#include <expected>
#include <string>
#include <utility>

namespace directory {

std::unexpected<RoundFailure> state_failure(policy::Error error) {
  return std::unexpected{RoundFailure{.what = "state", .error = std::move(error)}};
}

std::unexpected<RoundFailure> graph_round_failure(GraphFailure failure) {
  std::string what{word_of(failure.kind)};
  return std::unexpected{
      RoundFailure{.what = std::move(what), .error = to_error(std::move(failure))}};
}

std::unexpected<RoundFailure> cancelled_round() {
  RoundFailure failure;
  failure.what = kCancelledRound;
  failure.error.message = "cancelled; the next sync goes on from there";
  return std::unexpected{std::move(failure)};
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/round_end.h"

#include "directory/clock.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/sync/round_of.h"
#include "directory/sync/round_outcome.h"
#include "directory/sync/shrink_guard.h"
#include "policy/result.h"

#include <expected>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

RoundResult hold(DirectoryContent& content,
                 const DirectoryKey& key,
                 SyncState state,
                 const std::string& shrink) {
  round_of(state).is_held = true;
  if (auto written = content.put_sync_state(key, state); !written.has_value()) {
    return state_failure(std::move(written).error());
  }
  return std::unexpected{RoundFailure{
      .what = "shrink",
      .error = {.code = policy::ErrorCode::kInvalidInput,
                .message = fmt::format(
                    "{}; what was in force stays; look at the source, and if it is right run: "
                    "fromguard-directory directories sync '{}/{}' --accept-shrink",
                    shrink,
                    key.organization,
                    key.directory)}}};
}

}  // namespace

RoundResult end_round(DirectoryContent& content,
                      const DirectoryKey& key,
                      SyncState state,
                      double max_shrink,
                      bool accept_shrink) {
  const bool was_full = round_of(state).kind == RoundKind::kFull;
  if (state.live_set != 0 && !accept_shrink) {
    const auto weight = content.weigh(key, state);
    if (!weight.has_value()) {
      return state_failure(weight.error());
    }
    if (const std::string shrink = find_shrink(*weight, max_shrink); !shrink.empty()) {
      return hold(content, key, std::move(state), shrink);
    }
  }
  round_of(state).is_held = false;
  state.source = round_of(state).source;
  state.last_success = now_in_seconds();
  state.last_failure.clear();
  auto in_force = content.put_in_force(key, std::move(state));
  if (!in_force.has_value()) {
    return state_failure(std::move(in_force).error());
  }
  return RoundOutcome{.counts = in_force->counts, .was_full = was_full};
}

}  // namespace directory

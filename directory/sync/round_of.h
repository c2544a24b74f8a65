// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"

namespace directory {

/// The round of a state that is known to have one.
[[nodiscard]] inline RoundState& round_of(SyncState& state) {
  if (!state.round.has_value()) {
    state.round.emplace();
  }
  return *state.round;
}

}  // namespace directory

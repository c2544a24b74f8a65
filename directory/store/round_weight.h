// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

namespace directory {

/// Weighs the round of the state, which has one. Memory is bounded.
[[nodiscard]] policy::Result<RoundWeight> weigh_round(const StateReader& reader,
                                                      const SyncState& state);

}  // namespace directory

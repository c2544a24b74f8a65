// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

namespace directory {

/// Applies the delta of the state to the set in force and writes `done` with the last change. A
/// small delta is one batch. A big one is several, the first of which writes the state as merging;
/// whoever finds that calls again, as every change may be applied twice. The counts of the state
/// must be those of the result already.
[[nodiscard]] policy::Result<void> merge_round(StateDatabase& database,
                                               const DirectoryKey& key,
                                               SyncState state,
                                               const SyncState& done);

/// The state after its round has been put in force, but for the counts.
[[nodiscard]] SyncState without_round(SyncState state);

}  // namespace directory

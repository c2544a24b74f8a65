// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <set>

namespace directory {

/// The state of a directory as it is written; that of one never read if there is none.
[[nodiscard]] policy::Result<SyncState> read_sync_state(const StateReader& reader,
                                                        const DirectoryKey& key);

/// The sets that the state refers to.
[[nodiscard]] std::set<std::uint64_t> sets_of(const SyncState& state);

/// Adds the removal of a set with all that is in it.
void remove_set(StateBatch& batch, std::uint64_t set);

/// Writes the batch together with this state, and removes the sets that the state in place refers
/// to and this one does not.
[[nodiscard]] policy::Result<void> write_with_state(StateDatabase& database,
                                                    StateBatch batch,
                                                    const DirectoryKey& key,
                                                    const SyncState& state);

/// Whether a merge of the round of this state has been begun.
[[nodiscard]] bool is_in_merge(const SyncState& state);

/// `kBusy` while a merge is under way, which alone may write then.
[[nodiscard]] policy::Result<void> check_no_merge(const StateReader& reader,
                                                  const DirectoryKey& key);

/// Both together.
[[nodiscard]] policy::Result<void> commit_with_state(StateDatabase& database,
                                                     StateBatch batch,
                                                     const DirectoryKey& key,
                                                     const SyncState& state);

}  // namespace directory

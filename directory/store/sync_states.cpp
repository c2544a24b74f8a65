// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/sync_states.h"

#include "directory/store/content_records.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/keys.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace directory {

using policy::Result;

bool is_in_merge(const SyncState& state) {
  return state.round.has_value() && state.round->is_merging;
}

std::set<std::uint64_t> sets_of(const SyncState& state) {
  std::set<std::uint64_t> sets;
  if (state.live_set != 0) {
    sets.insert(state.live_set);
  }
  if (state.round.has_value()) {
    sets.insert(state.round->set);
  }
  return sets;
}

Result<SyncState> read_sync_state(const StateReader& reader, const DirectoryKey& key) {
  const auto read = reader.get(Table::kSyncStates, join_key({key.organization, key.directory}));
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  return value.has_value() ? decode_sync_state(*value) : SyncState{};
}

void remove_set(StateBatch& batch, std::uint64_t set) {
  const std::string prefix = number_key(set);
  for (const Table table :
       {Table::kUsers, Table::kGroups, Table::kGroupMembers, Table::kMemberGroups}) {
    batch.remove_prefix(table, prefix);
  }
}

Result<void> write_with_state(StateDatabase& database,
                              StateBatch batch,
                              const DirectoryKey& key,
                              const SyncState& state) {
  const auto before = read_sync_state(database, key);
  if (!before.has_value()) {
    return std::unexpected{before.error()};
  }
  const std::set<std::uint64_t> kept = sets_of(state);
  for (const std::uint64_t set : sets_of(*before)) {
    if (!kept.contains(set)) {
      remove_set(batch, set);
    }
  }
  batch.put(
      Table::kSyncStates, join_key({key.organization, key.directory}), encode_sync_state(state));
  return database.commit(std::move(batch));
}

Result<void> check_no_merge(const StateReader& reader, const DirectoryKey& key) {
  const auto state = read_sync_state(reader, key);
  if (!state.has_value()) {
    return std::unexpected{state.error()};
  }
  if (is_in_merge(*state)) {
    return policy::fail(policy::ErrorCode::kBusy,
                        key.organization + "/" + key.directory +
                            " is in the middle of taking over a round; try again");
  }
  return {};
}

Result<void> commit_with_state(StateDatabase& database,
                               StateBatch batch,
                               const DirectoryKey& key,
                               const SyncState& state) {
  if (auto checked = check_no_merge(database, key); !checked.has_value()) {
    return checked;
  }
  return write_with_state(database, std::move(batch), key, state);
}

}  // namespace directory

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
#include <string>
#include <utility>

namespace directory {
namespace {

using policy::Result;

bool refers_to(const SyncState& state, std::uint64_t set) {
  return state.live_set == set || (state.round.has_value() && state.round->set == set);
}

}  // namespace

Result<SyncState> read_sync_state(const StateReader& reader, const DirectoryKey& key) {
  const auto value = reader.get(Table::kSyncStates, join_key({key.organization, key.directory}));
  if (!value.has_value()) {
    return std::unexpected{value.error()};
  }
  return value->has_value() ? decode_sync_state(**value) : SyncState{};
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
  if (before->live_set != 0 && !refers_to(state, before->live_set)) {
    remove_set(batch, before->live_set);
  }
  if (before->round.has_value() && !refers_to(state, before->round->set)) {
    remove_set(batch, before->round->set);
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
  if (state->round.has_value() && state->round->is_merging) {
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

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/directory_content.h"

#include "directory/store/content_records.h"
#include "directory/store/directory_key.h"
#include "directory/store/keys.h"
#include "directory/store/round_merge.h"
#include "directory/store/round_weight.h"
#include "directory/store/state_database.h"
#include "directory/store/sync_states.h"
#include "policy/result.h"

#include <cassert>
#include <cstdint>
#include <expected>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;

Result<std::vector<std::pair<DirectoryKey, SyncState>>> read_all_states(const StateReader& reader) {
  std::vector<std::pair<DirectoryKey, SyncState>> states;
  const auto read = reader.for_each(
      Table::kSyncStates,
      "",
      "",
      [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto state = decode_sync_state(value);
        if (!state.has_value()) {
          return std::unexpected{state.error()};
        }
        const auto parts = split_key(key);
        states.emplace_back(DirectoryKey{.organization = parts.at(0), .directory = parts.at(1)},
                            std::move(*state));
        return true;
      });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return states;
}

// Goes on with a merge if one was begun.
Result<SyncState> end_merge(StateDatabase& database, const DirectoryKey& key, SyncState state) {
  if (!is_in_merge(state)) {
    return state;
  }
  SyncState done = without_round(state);
  if (auto merged = merge_round(database, key, std::move(state), done); !merged.has_value()) {
    return std::unexpected{merged.error()};
  }
  return done;
}

// Adds the removal of the sets in one table that are not in `used`.
Result<void> sweep_table(const StateReader& reader,
                         Table table,
                         const std::set<std::uint64_t>& used,
                         StateBatch& batch) {
  std::uint64_t from = 0;
  for (;;) {
    const auto at = reader.cursor(table, "", number_key(from));
    if (!at->is_valid()) {
      return at->status();
    }
    const std::uint64_t set = number_of_key(at->key());
    if (!used.contains(set)) {
      batch.remove_prefix(table, number_key(set));
    }
    from = set + 1;
  }
}

Result<void> sweep(StateDatabase& database, const std::set<std::uint64_t>& used) {
  StateBatch batch;
  const auto empty = batch.octets();
  for (const Table table :
       {Table::kUsers, Table::kGroups, Table::kGroupMembers, Table::kMemberGroups}) {
    if (auto swept = sweep_table(database, table, used, batch); !swept.has_value()) {
      return swept;
    }
  }
  if (batch.octets() == empty) {
    return {};
  }
  return database.commit(std::move(batch));
}

}  // namespace

Result<DirectoryContent> DirectoryContent::open(StateDatabase& database) {
  auto states = read_all_states(database);
  if (!states.has_value()) {
    return std::unexpected{states.error()};
  }
  std::set<std::uint64_t> used{0};
  for (auto& [key, state] : *states) {
    auto ended = end_merge(database, key, std::move(state));
    if (!ended.has_value()) {
      return std::unexpected{ended.error()};
    }
    used.merge(sets_of(*ended));
  }
  if (auto swept = sweep(database, used); !swept.has_value()) {
    return std::unexpected{swept.error()};
  }
  return DirectoryContent{database, *used.rbegin()};
}

Result<SyncState> DirectoryContent::sync_state(const DirectoryKey& key) const {
  auto state = read_sync_state(*database_, key);
  if (!state.has_value()) {
    return state;
  }
  return end_merge(*database_, key, std::move(*state));
}

Result<void> DirectoryContent::put_sync_state(const DirectoryKey& key, const SyncState& state) {
  return commit_with_state(*database_, StateBatch{}, key, state);
}

SyncState DirectoryContent::with_new_round(SyncState state, RoundKind kind, std::int64_t now) {
  assert(kind == RoundKind::kFull || state.live_set != 0);
  ++newest_set_;
  state.round.emplace();
  state.round->kind = kind;
  state.round->set = newest_set_;
  state.round->started = now;
  if (kind == RoundKind::kDelta) {
    state.round->users_link = state.users_delta_link;
    state.round->groups_link = state.groups_delta_link;
  }
  return state;
}

Result<RoundWeight> DirectoryContent::weigh(const DirectoryKey& /*key*/,
                                            const SyncState& state) const {
  return weigh_round(*database_, state);
}

Result<SyncState> DirectoryContent::put_in_force(const DirectoryKey& key, SyncState state) {
  assert(state.round.has_value());
  const bool is_delta = state.round->kind == RoundKind::kDelta;
  if (auto checked = check_no_merge(*database_, key); !checked.has_value()) {
    return std::unexpected{checked.error()};
  }
  const auto weight = weigh_round(*database_, state);
  if (!weight.has_value()) {
    return std::unexpected{weight.error()};
  }
  state.counts = weight->after;
  SyncState done = without_round(state);
  const auto put = is_delta ? merge_round(*database_, key, std::move(state), done)
                            : write_with_state(*database_, StateBatch{}, key, done);
  if (!put.has_value()) {
    return std::unexpected{put.error()};
  }
  return done;
}

Result<SyncState> DirectoryContent::drop_round(const DirectoryKey& key, SyncState state) {
  state.round.reset();
  if (auto written = put_sync_state(key, state); !written.has_value()) {
    return std::unexpected{written.error()};
  }
  return state;
}

Result<void> DirectoryContent::forget(const DirectoryKey& key) {
  const auto state = read_sync_state(*database_, key);
  if (!state.has_value()) {
    return std::unexpected{state.error()};
  }
  StateBatch batch;
  for (const std::uint64_t set : sets_of(*state)) {
    remove_set(batch, set);
  }
  batch.remove(Table::kSyncStates, join_key({key.organization, key.directory}));
  return database_->commit(std::move(batch));
}

}  // namespace directory

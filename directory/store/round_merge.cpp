// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/round_merge.h"

#include "directory/store/content_records.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/keys.h"
#include "directory/store/state_database.h"
#include "directory/store/sync_states.h"
#include "policy/result.h"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

using policy::Result;

constexpr std::size_t kBatchOctets = std::size_t{4} * 1024 * 1024;

class Merge {
 public:
  // `merging` is what is written with a part that is not the last.
  Merge(StateDatabase& database,
        const DirectoryKey& key,
        const SyncState& merging,
        std::uint64_t overlay)
      : database_(&database), key_(&key), merging_(&merging), overlay_(overlay) {}

  // Groups first: one that is cleared loses its members before those of the round are added.
  Result<void> apply() {
    if (auto applied = apply_table(Table::kGroups, &Merge::apply_group); !applied.has_value()) {
      return applied;
    }
    if (auto applied = apply_table(Table::kUsers, &Merge::apply_user); !applied.has_value()) {
      return applied;
    }
    return apply_table(Table::kGroupMembers, &Merge::apply_membership);
  }

  Result<void> finish(const SyncState& done) {
    return write_with_state(*database_, std::move(batch_), *key_, done);
  }

 private:
  // Takes the key without the set.
  using Step = Result<void> (Merge::*)(std::string_view ids, std::string_view value);

  Result<void> apply_table(Table table, Step step) {
    return database_->for_each(
        table,
        number_key(overlay_),
        "",
        [this, step](std::string_view key, std::string_view value) -> Result<bool> {
          const auto applied = (this->*step)(key.substr(kNumberOctets), value);
          if (!applied.has_value()) {
            return std::unexpected{applied.error()};
          }
          return true;
        });
  }

  Result<void> apply_user(std::string_view id, std::string_view value) {
    put(Table::kUsers, id, value);
    return write_if_full();
  }

  Result<void> apply_group(std::string_view id, std::string_view value) {
    auto staged = decode_group({}, value);
    if (!staged.has_value()) {
      return std::unexpected{staged.error()};
    }
    if (staged->is_cleared) {
      if (auto cleared = clear_members(id); !cleared.has_value()) {
        return cleared;
      }
    }
    staged->is_cleared = false;
    put(Table::kGroups, id, encode_group(*staged));
    return write_if_full();
  }

  Result<void> clear_members(std::string_view group) {
    std::string prefix = number_key(merging_->live_set);
    prefix += group;
    return database_->for_each(Table::kGroupMembers,
                               prefix,
                               "",
                               [this](std::string_view key, std::string_view) -> Result<bool> {
                                 const auto cleared =
                                     apply_membership(key.substr(kNumberOctets), kGone);
                                 if (!cleared.has_value()) {
                                   return std::unexpected{cleared.error()};
                                 }
                                 return true;
                               });
  }

  Result<void> apply_membership(std::string_view ids, std::string_view value) {
    const auto parts = split_key(ids);
    put(Table::kGroupMembers, ids, value);
    put(Table::kMemberGroups, join_key({parts.at(1), parts.at(0)}), value);
    return write_if_full();
  }

  void put(Table table, std::string_view ids, std::string_view value) {
    std::string key = number_key(merging_->live_set);
    key += ids;
    if (value == kGone) {
      batch_.remove(table, key);
    } else {
      batch_.put(table, key, value);
    }
  }

  Result<void> write_if_full() {
    if (batch_.octets() < kBatchOctets) {
      return {};
    }
    return write_with_state(*database_, std::exchange(batch_, StateBatch{}), *key_, *merging_);
  }

  StateDatabase* database_;
  const DirectoryKey* key_;
  const SyncState* merging_;
  std::uint64_t overlay_;
  StateBatch batch_;
};

}  // namespace

Result<void> merge_round(StateDatabase& database,
                         const DirectoryKey& key,
                         SyncState state,
                         const SyncState& done) {
  assert(state.round.has_value());
  state.round->is_merging = true;
  Merge merge{database, key, state, state.round->set};
  if (auto applied = merge.apply(); !applied.has_value()) {
    return applied;
  }
  return merge.finish(done);
}

SyncState without_round(SyncState state) {
  assert(state.round.has_value());
  if (state.round->kind == RoundKind::kFull) {
    state.live_set = state.round->set;
  }
  state.users_delta_link = std::move(state.round->users_link);
  state.groups_delta_link = std::move(state.round->groups_link);
  state.round.reset();
  return state;
}

}  // namespace directory

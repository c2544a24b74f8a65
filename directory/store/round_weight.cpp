// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/round_weight.h"

#include "directory/store/content_records.h"
#include "directory/store/directory_content.h"
#include "directory/store/keys.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cassert>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

using policy::Result;

// Of one table: how many records there were, will be, and which of the former will be no more.
struct TableWeight {
  std::uint64_t before = 0;
  std::uint64_t after = 0;
  std::uint64_t removed = 0;
};

// The key of a record without the set.
std::string_view within_set(std::string_view key) {
  return key.substr(kNumberOctets);
}

// Walks two sets side by side.
Result<TableWeight> compare_sets(const StateReader& reader,
                                 Table table,
                                 std::uint64_t live_set,
                                 std::uint64_t staged_set) {
  TableWeight weight;
  const auto live = reader.cursor(table, number_key(live_set), "");
  const auto staged = reader.cursor(table, number_key(staged_set), "");
  while (live->is_valid()) {
    const std::string_view key = within_set(live->key());
    while (staged->is_valid() && within_set(staged->key()) < key) {
      ++weight.after;
      staged->advance();
    }
    const bool stays = staged->is_valid() && within_set(staged->key()) == key;
    ++weight.before;
    weight.removed += stays ? 0 : 1;
    live->advance();
  }
  for (; staged->is_valid(); staged->advance()) {
    ++weight.after;
  }
  for (const RecordCursor* cursor : {live.get(), staged.get()}) {
    if (auto read = cursor->status(); !read.has_value()) {
      return std::unexpected{read.error()};
    }
  }
  return weight;
}

Result<std::uint64_t> count_set(const StateReader& reader, Table table, std::uint64_t set) {
  std::uint64_t count = 0;
  const auto counted = reader.for_each(
      table, number_key(set), "", [&](std::string_view, std::string_view) -> Result<bool> {
        ++count;
        return true;
      });
  if (!counted.has_value()) {
    return std::unexpected{counted.error()};
  }
  return count;
}

Result<SetCounts> count_live(const StateReader& reader, const SyncState& state) {
  if (state.counts != SetCounts{} || state.live_set == 0) {
    return state.counts;
  }
  SetCounts counts;
  for (const auto& [table, count] : {std::pair{Table::kUsers, &counts.users},
                                     std::pair{Table::kGroups, &counts.groups},
                                     std::pair{Table::kGroupMembers, &counts.memberships}}) {
    const auto counted = count_set(reader, table, state.live_set);
    if (!counted.has_value()) {
      return std::unexpected{counted.error()};
    }
    *count = *counted;
  }
  return counts;
}

// Follows what a delta changes of the set in force.
class DeltaWeigher {
 public:
  DeltaWeigher(const StateReader& reader, std::uint64_t live_set, std::uint64_t overlay)
      : reader_(&reader), live_set_(live_set), overlay_(overlay) {}

  // Adds what becomes of the records of a table that is not the memberships.
  Result<void> weigh(Table table, TableWeight& weight) const {
    return reader_->for_each(table,
                             number_key(overlay_),
                             "",
                             [&](std::string_view key, std::string_view value) -> Result<bool> {
                               const auto is_live = has_live(table, key);
                               if (!is_live.has_value()) {
                                 return std::unexpected{is_live.error()};
                               }
                               change(weight, *is_live, value != kGone);
                               return true;
                             });
  }

  Result<void> weigh_memberships(TableWeight& weight) {
    if (auto weighed = weigh_cleared(weight); !weighed.has_value()) {
      return weighed;
    }
    return reader_->for_each(Table::kGroupMembers,
                             number_key(overlay_),
                             "",
                             [&](std::string_view key, std::string_view value) -> Result<bool> {
                               const auto was_member = has_live(Table::kGroupMembers, key);
                               if (!was_member.has_value()) {
                                 return std::unexpected{was_member.error()};
                               }
                               const auto is_cleared = is_of_cleared_group(key);
                               if (!is_cleared.has_value()) {
                                 return std::unexpected{is_cleared.error()};
                               }
                               // Those of a cleared group that were members have been weighed with
                               // it.
                               if (!*was_member || !*is_cleared) {
                                 change(weight, *was_member, value != kGone);
                               }
                               return true;
                             });
  }

 private:
  static void change(TableWeight& weight, bool was, bool will_be) {
    if (was && !will_be) {
      ++weight.removed;
      --weight.after;
    } else if (!was && will_be) {
      ++weight.after;
    }
  }

  [[nodiscard]] Result<bool> has_live(Table table, std::string_view overlay_key) const {
    std::string key = number_key(live_set_);
    key += within_set(overlay_key);
    const auto value = reader_->get(table, key);
    if (!value.has_value()) {
      return std::unexpected{value.error()};
    }
    return value->has_value();
  }

  // The members in force of the groups that the delta clears: gone, unless it adds them again.
  [[nodiscard]] Result<void> weigh_cleared(TableWeight& weight) const {
    return reader_->for_each(Table::kGroups,
                             number_key(overlay_),
                             "",
                             [&](std::string_view key, std::string_view value) -> Result<bool> {
                               const auto group = decode_group({}, value);
                               if (!group.has_value()) {
                                 return std::unexpected{group.error()};
                               }
                               if (!group->is_cleared) {
                                 return true;
                               }
                               const auto weighed = weigh_members_of(within_set(key), weight);
                               if (!weighed.has_value()) {
                                 return std::unexpected{weighed.error()};
                               }
                               return true;
                             });
  }

  [[nodiscard]] Result<void> weigh_members_of(std::string_view group, TableWeight& weight) const {
    std::string prefix = number_key(live_set_);
    prefix += group;
    return reader_->for_each(Table::kGroupMembers,
                             prefix,
                             "",
                             [&](std::string_view key, std::string_view) -> Result<bool> {
                               std::string staged = number_key(overlay_);
                               staged += within_set(key);
                               const auto read = reader_->get(Table::kGroupMembers, staged);
                               if (!read.has_value()) {
                                 return std::unexpected{read.error()};
                               }
                               const std::optional<std::string>& value = *read;
                               change(weight, true, value.has_value() && *value != kGone);
                               return true;
                             });
  }

  // Memberships come group by group, so the answer for the last group is kept.
  [[nodiscard]] Result<bool> is_of_cleared_group(std::string_view membership) {
    std::string group = split_key(within_set(membership)).front();
    if (group == last_group_) {
      return is_last_cleared_;
    }
    const auto read = reader_->get(Table::kGroups, set_key(overlay_, {group}));
    if (!read.has_value()) {
      return std::unexpected{read.error()};
    }
    const std::optional<std::string>& value = *read;
    is_last_cleared_ = false;
    if (value.has_value()) {
      const auto staged = decode_group({}, *value);
      if (!staged.has_value()) {
        return std::unexpected{staged.error()};
      }
      is_last_cleared_ = staged->is_cleared;
    }
    last_group_ = std::move(group);
    return is_last_cleared_;
  }

  const StateReader* reader_;
  std::uint64_t live_set_;
  std::uint64_t overlay_;
  std::string last_group_;
  bool is_last_cleared_ = false;
};

RoundWeight combine(const TableWeight& users,
                    const TableWeight& groups,
                    const TableWeight& memberships) {
  return {
      .before = {.users = users.before, .groups = groups.before, .memberships = memberships.before},
      .after = {.users = users.after, .groups = groups.after, .memberships = memberships.after},
      .users_removed = users.removed,
      .memberships_removed = memberships.removed};
}

Result<RoundWeight> weigh_full(const StateReader& reader,
                               std::uint64_t live_set,
                               std::uint64_t staged_set) {
  const auto users = compare_sets(reader, Table::kUsers, live_set, staged_set);
  if (!users.has_value()) {
    return std::unexpected{users.error()};
  }
  const auto groups = compare_sets(reader, Table::kGroups, live_set, staged_set);
  if (!groups.has_value()) {
    return std::unexpected{groups.error()};
  }
  const auto memberships = compare_sets(reader, Table::kGroupMembers, live_set, staged_set);
  if (!memberships.has_value()) {
    return std::unexpected{memberships.error()};
  }
  return combine(*users, *groups, *memberships);
}

Result<RoundWeight> weigh_delta(const StateReader& reader,
                                const SyncState& state,
                                std::uint64_t overlay) {
  const auto counts = count_live(reader, state);
  if (!counts.has_value()) {
    return std::unexpected{counts.error()};
  }
  TableWeight users{.before = counts->users, .after = counts->users};
  TableWeight groups{.before = counts->groups, .after = counts->groups};
  TableWeight memberships{.before = counts->memberships, .after = counts->memberships};
  DeltaWeigher weigher{reader, state.live_set, overlay};
  if (auto weighed = weigher.weigh(Table::kUsers, users); !weighed.has_value()) {
    return std::unexpected{weighed.error()};
  }
  if (auto weighed = weigher.weigh(Table::kGroups, groups); !weighed.has_value()) {
    return std::unexpected{weighed.error()};
  }
  if (auto weighed = weigher.weigh_memberships(memberships); !weighed.has_value()) {
    return std::unexpected{weighed.error()};
  }
  return combine(users, groups, memberships);
}

}  // namespace

Result<RoundWeight> weigh_round(const StateReader& reader, const SyncState& state) {
  assert(state.round.has_value());
  if (state.round->kind == RoundKind::kFull) {
    return weigh_full(reader, state.live_set, state.round->set);
  }
  return weigh_delta(reader, state, state.round->set);
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
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
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {

using policy::Result;

// What the page changes is kept apart until it is written, so that it can be read and taken back.
struct StagedPage::State {
  StateDatabase* database = nullptr;
  DirectoryKey key;
  std::uint64_t set = 0;
  std::uint64_t live_set = 0;  // below a delta; 0 for a full round
  std::map<std::string, std::optional<StoredUser>> users;
  std::map<std::string, StagedGroup> groups;
  std::map<std::string, std::map<std::string, std::optional<StoredMemberKind>>> members;
  std::size_t octets = 0;

  [[nodiscard]] bool is_delta() const { return live_set != 0; }

  // The record of the round so far, or else that in force; nothing if there is neither.
  [[nodiscard]] Result<std::optional<std::string>> read(Table table, const std::string& id) const {
    auto staged = database->get(table, set_key(set, {id}));
    if (!staged.has_value() || staged->has_value() || !is_delta()) {
      return staged;
    }
    return database->get(table, set_key(live_set, {id}));
  }

  // Whether the pages before this one have cleared the group.
  [[nodiscard]] Result<bool> was_cleared(const std::string& id) const {
    const auto read = database->get(Table::kGroups, set_key(set, {id}));
    if (!read.has_value()) {
      return std::unexpected{read.error()};
    }
    const std::optional<std::string>& value = *read;
    if (!value.has_value()) {
      return false;
    }
    const auto group = decode_group(id, *value);
    if (!group.has_value()) {
      return std::unexpected{group.error()};
    }
    return group->is_cleared;
  }

  // Takes back the memberships of a group that the pages before this one have staged.
  [[nodiscard]] Result<void> clear_members(StateBatch& batch, const std::string& id) const {
    return database->for_each(Table::kGroupMembers,
                              set_key(set, {id}),
                              "",
                              [&](std::string_view staged, std::string_view) -> Result<bool> {
                                const auto parts = split_key(staged.substr(kNumberOctets));
                                batch.remove(Table::kGroupMembers, staged);
                                batch.remove(Table::kMemberGroups, set_key(set, {parts.at(1), id}));
                                return true;
                              });
  }

  // In a full set there is nothing to be marked as gone.
  void add_users(StateBatch& batch) const {
    for (const auto& [id, user] : users) {
      const std::string at = set_key(set, {id});
      if (user.has_value()) {
        batch.put(Table::kUsers, at, encode_user(*user));
      } else if (is_delta()) {
        batch.put(Table::kUsers, at, kGone);
      } else {
        batch.remove(Table::kUsers, at);
      }
    }
  }

  [[nodiscard]] Result<void> add_group(StateBatch& batch,
                                       const std::string& id,
                                       StagedGroup group) const {
    const std::string at = set_key(set, {id});
    if (group.is_cleared) {
      if (auto cleared = clear_members(batch, id); !cleared.has_value()) {
        return cleared;
      }
    }
    if (!is_delta()) {
      if (group.group.has_value()) {
        batch.put(Table::kGroups, at, encode_group({.group = std::move(group.group)}));
      } else {
        batch.remove(Table::kGroups, at);
      }
      return {};
    }
    const auto cleared_before = was_cleared(id);
    if (!cleared_before.has_value()) {
      return std::unexpected{cleared_before.error()};
    }
    group.is_cleared = group.is_cleared || *cleared_before;
    batch.put(Table::kGroups, at, encode_group(group));
    return {};
  }

  void add_member(StateBatch& batch,
                  const std::string& group,
                  const std::string& member,
                  std::optional<StoredMemberKind> kind) const {
    const std::string at = set_key(set, {group, member});
    const std::string mirrored = set_key(set, {member, group});
    if (kind.has_value() || is_delta()) {
      const std::string value = encode_membership(kind);
      batch.put(Table::kGroupMembers, at, value);
      batch.put(Table::kMemberGroups, mirrored, value);
    } else {
      batch.remove(Table::kGroupMembers, at);
      batch.remove(Table::kMemberGroups, mirrored);
    }
  }

  [[nodiscard]] Result<StateBatch> batch() const {
    StateBatch batch;
    add_users(batch);
    for (const auto& [id, group] : groups) {
      if (auto added = add_group(batch, id, group); !added.has_value()) {
        return std::unexpected{added.error()};
      }
    }
    for (const auto& [group, of_group] : members) {
      for (const auto& [member, kind] : of_group) {
        add_member(batch, group, member, kind);
      }
    }
    return batch;
  }
};

StagedPage::StagedPage(StateDatabase& database, DirectoryKey key, const SyncState& state)
    : state_(std::make_unique<State>()) {
  assert(state.round.has_value());
  state_->database = &database;
  state_->key = std::move(key);
  state_->set = state.round->set;
  state_->live_set = state.round->kind == RoundKind::kDelta ? state.live_set : 0;
}

StagedPage::~StagedPage() = default;

Result<std::optional<StoredUser>> StagedPage::user(const std::string& id) const {
  if (const auto found = state_->users.find(id); found != state_->users.end()) {
    return found->second;
  }
  const auto read = state_->read(Table::kUsers, id);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  return value.has_value() ? decode_user(id, *value) : std::nullopt;
}

void StagedPage::put_user(const StoredUser& user) {
  std::size_t octets = user.id.size() + user.display_name.size() + user.given_name.size() +
                       user.surname.size() + user.mail.size() + user.user_principal_name.size();
  for (const auto* addresses : {&user.proxy_addresses, &user.other_mails}) {
    for (const std::string& address : *addresses) {
      octets += address.size();
    }
  }
  state_->octets += octets;
  state_->users.insert_or_assign(user.id, user);
}

void StagedPage::remove_user(const std::string& id) {
  state_->octets += id.size();
  state_->users.insert_or_assign(id, std::nullopt);
}

Result<std::optional<StoredGroup>> StagedPage::group(const std::string& id) const {
  if (const auto found = state_->groups.find(id); found != state_->groups.end()) {
    return found->second.group;
  }
  const auto read = state_->read(Table::kGroups, id);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  if (!value.has_value()) {
    return std::nullopt;
  }
  auto group = decode_group(id, *value);
  if (!group.has_value()) {
    return std::unexpected{group.error()};
  }
  return std::move(group->group);
}

void StagedPage::put_group(const StoredGroup& group) {
  state_->octets += group.id.size() + group.display_name.size() + group.mail.size();
  state_->groups[group.id].group = group;
}

void StagedPage::remove_group(const std::string& id) {
  state_->octets += id.size();
  state_->groups.insert_or_assign(id, StagedGroup{.group = std::nullopt, .is_cleared = true});
  state_->members.erase(id);
}

void StagedPage::put_member(const std::string& group,
                            const std::string& member,
                            StoredMemberKind kind) {
  state_->octets += group.size() + member.size();
  state_->members[group].insert_or_assign(member, kind);
}

void StagedPage::remove_member(const std::string& group, const std::string& member) {
  state_->octets += group.size() + member.size();
  state_->members[group].insert_or_assign(member, std::nullopt);
}

std::size_t StagedPage::octets() const {
  return state_->octets;
}

Result<void> StagedPage::commit(const SyncState& state) {
  assert(state.round.has_value() && state.round->set == state_->set);
  auto batch = state_->batch();
  if (!batch.has_value()) {
    return std::unexpected{batch.error()};
  }
  return commit_with_state(*state_->database, std::move(*batch), state_->key, state);
}

}  // namespace directory

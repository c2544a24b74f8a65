// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/content_records.h"
#include "directory/store/damage.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/keys.h"
#include "directory/store/state_database.h"
#include "directory/store/sync_states.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;

std::string id_of(std::string_view key) {
  return std::move(split_key(key.substr(kNumberOctets)).front());
}

// The least key of the set that is greater than that of this id; empty for no id.
std::string key_after(std::uint64_t set, const std::string& id) {
  return id.empty() ? "" : set_key(set, {id}) + '\0';
}

// In the set in force nothing is marked as gone.
template <typename Record>
Result<Record> present(Result<std::optional<Record>> read) {
  if (!read.has_value()) {
    return std::unexpected{std::move(read.error())};
  }
  std::optional<Record>& record = *read;
  if (!record.has_value()) {
    return damaged("a record of a removed user or group is in force");
  }
  return std::move(*record);
}

Result<StoredGroup> present_group(const std::string& id, std::string_view value) {
  auto staged = decode_group(id, value);
  if (!staged.has_value()) {
    return std::unexpected{std::move(staged.error())};
  }
  return present<StoredGroup>(std::move(staged->group));
}

// The groups of the member with this key, where the cursor stands at the first of them.
Result<std::vector<std::string>> groups_at(RecordCursor& at, std::string_view member_key) {
  std::vector<std::string> groups;
  for (; at.is_valid() && at.key().starts_with(member_key); at.advance()) {
    if (!is_key_of(Table::kMemberGroups, at.key())) {
      return damaged("a membership in the state database cannot be read");
    }
    groups.push_back(std::move(split_key(at.key().substr(member_key.size())).front()));
  }
  if (auto read = at.status(); !read.has_value()) {
    return std::unexpected{std::move(read.error())};
  }
  return groups;
}

// Goes through the memberships by member, alongside the users.
class GroupsAlongside {
 public:
  GroupsAlongside(const StateReader& reader, const std::string& set, const std::string& from)
      : at_(reader.cursor(Table::kMemberGroups, set, from)) {}

  // The groups of the user with this key; keys must ascend.
  Result<std::vector<std::string>> groups_of(std::string_view user_key) {
    while (at_->is_valid() && at_->key() < user_key) {
      at_->advance();
    }
    return groups_at(*at_, user_key);
  }

 private:
  std::unique_ptr<RecordCursor> at_;
};

}  // namespace

// Opens its cursor when it is first asked, and keeps it: whoever asks once asks for many.
class ContentView::GroupsByMember {
 public:
  Result<std::vector<std::string>> find(const StateReader& reader,
                                        std::uint64_t set,
                                        const std::string& member) {
    const std::string member_key = set_key(set, {member});
    if (at_ == nullptr) {
      at_ = reader.cursor(Table::kMemberGroups, number_key(set), member_key);
    } else {
      at_->seek(member_key);
    }
    return groups_at(*at_, member_key);
  }

 private:
  std::unique_ptr<RecordCursor> at_;
};

ContentView::ContentView(std::shared_ptr<const StateReader> reader, SyncState sync_state)
    : reader_(std::move(reader)),
      sync_state_(std::move(sync_state)),
      groups_by_member_(std::make_shared<GroupsByMember>()) {}

Result<ContentView> ContentView::open(std::shared_ptr<const StateReader> reader,
                                      const DirectoryKey& key) {
  auto read = read_sync_state(*reader, key);
  if (!read.has_value()) {
    return std::unexpected{std::move(read.error())};
  }
  SyncState& state = *read;
  if (state.round.has_value() && state.round->is_merging) {
    return policy::fail(policy::ErrorCode::kUnavailable,
                        "the last round of " + key.organization + "/" + key.directory +
                            " was taken over by half only, as the disk refused a write; make "
                            "room, and start a sync of it");
  }
  return ContentView{std::move(reader), std::move(state)};
}

Result<void> ContentView::for_each_user(
    const std::function<Result<bool>(const StoredUser&, const std::vector<std::string>&)>& visit,
    const std::string& after) const {
  const std::string set = number_key(sync_state_.live_set);
  const std::string from = key_after(sync_state_.live_set, after);
  GroupsAlongside memberships{*reader_, set, from};
  return reader_->for_each(
      Table::kUsers, set, from, [&](std::string_view key, std::string_view value) -> Result<bool> {
        const auto user = present(decode_user(id_of(key), value));
        if (!user.has_value()) {
          return std::unexpected{user.error()};
        }
        const auto groups = memberships.groups_of(key);
        if (!groups.has_value()) {
          return std::unexpected{groups.error()};
        }
        return visit(*user, *groups);
      });
}

Result<void> ContentView::for_each_group(
    const std::function<Result<bool>(const StoredGroup&)>& visit, const std::string& after) const {
  return reader_->for_each(Table::kGroups,
                           number_key(sync_state_.live_set),
                           key_after(sync_state_.live_set, after),
                           [&](std::string_view key, std::string_view value) -> Result<bool> {
                             const auto group = present_group(id_of(key), value);
                             if (!group.has_value()) {
                               return std::unexpected{group.error()};
                             }
                             return visit(*group);
                           });
}

Result<void> ContentView::for_each_nesting(
    const std::function<void(const std::string&, const std::string&)>& visit) const {
  const std::string nesting = encode_membership(StoredMemberKind::kGroup);
  return reader_->for_each(Table::kGroupMembers,
                           number_key(sync_state_.live_set),
                           "",
                           [&](std::string_view key, std::string_view value) -> Result<bool> {
                             if (value == nesting) {
                               const auto ids = split_key(key.substr(kNumberOctets));
                               visit(ids.at(0), ids.at(1));
                             }
                             return true;
                           });
}

Result<std::optional<StoredUser>> ContentView::user(const std::string& id) const {
  const auto read = reader_->get(Table::kUsers, set_key(sync_state_.live_set, {id}));
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  return value.has_value() ? decode_user(id, *value) : std::nullopt;
}

Result<std::optional<StoredGroup>> ContentView::group(const std::string& id) const {
  const auto read = reader_->get(Table::kGroups, set_key(sync_state_.live_set, {id}));
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  if (!value.has_value()) {
    return std::nullopt;
  }
  return present_group(id, *value);
}

Result<std::vector<std::string>> ContentView::direct_groups(const std::string& member) const {
  return groups_by_member_->find(*reader_, sync_state_.live_set, member);
}

Result<void> ContentView::for_each_member(
    const std::string& group,
    const std::function<Result<bool>(const std::string&, StoredMemberKind)>& visit) const {
  return reader_->for_each(Table::kGroupMembers,
                           set_key(sync_state_.live_set, {group}),
                           "",
                           [&](std::string_view key, std::string_view value) -> Result<bool> {
                             const auto kind = present(decode_membership(value));
                             if (!kind.has_value()) {
                               return std::unexpected{kind.error()};
                             }
                             return visit(split_key(key.substr(kNumberOctets)).at(1), *kind);
                           });
}

}  // namespace directory

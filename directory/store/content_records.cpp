// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/content_records.h"

#include "directory/store/damage.h"
#include "directory/store/directory_content.h"
#include "directory/store/fields.h"
#include "policy/result.h"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

using policy::Result;

void name_fields(auto& fields, auto& user) {
  fields.text("n", user.display_name);
  fields.text("g", user.given_name);
  fields.text("s", user.surname);
  fields.text("m", user.mail);
  fields.text("u", user.user_principal_name);
  fields.text("t", user.user_type);
  fields.texts("p", user.proxy_addresses);
  fields.texts("o", user.other_mails);
  fields.flag("e", user.is_enabled, true);
}

void name_group_fields(auto& fields, auto& group, auto& is_cleared) {
  fields.text("n", group.display_name);
  fields.text("m", group.mail);
  fields.texts("p", group.proxy_addresses);
  fields.flag("x", is_cleared);
}

void name_round_fields(auto& fields, auto& round, auto& is_delta) {
  fields.flag("r_delta", is_delta);
  fields.number("r_set", round.set);
  fields.text("r_source", round.source);
  fields.text("r_users", round.users_link);
  fields.text("r_groups", round.groups_link);
  fields.flag("r_users_done", round.users_done);
  fields.flag("r_groups_done", round.groups_done);
  fields.flag("r_held", round.is_held);
  fields.flag("r_merging", round.is_merging);
  fields.number("r_pages", round.pages);
  fields.number("r_started", round.started);
}

void name_state_fields(auto& fields, auto& state) {
  fields.number("set", state.live_set);
  fields.text("source", state.source);
  fields.text("users", state.users_delta_link);
  fields.text("groups", state.groups_delta_link);
  fields.number("n_users", state.counts.users);
  fields.number("n_groups", state.counts.groups);
  fields.number("n_members", state.counts.memberships);
  fields.flag("started", state.is_started);
  fields.number("success", state.last_success);
  fields.number("attempt", state.last_attempt);
  fields.text("failure", state.last_failure);
}

}  // namespace

std::string encode_user(const StoredUser& user) {
  FieldWriter fields;
  name_fields(fields, user);
  return fields.finish();
}

Result<std::optional<StoredUser>> decode_user(std::string id, std::string_view value) {
  if (value == kGone) {
    return std::nullopt;
  }
  StoredUser user;
  user.id = std::move(id);
  FieldReader fields{value};
  name_fields(fields, user);
  if (auto read = fields.status(); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  return user;
}

std::string encode_group(const StagedGroup& group) {
  if (!group.group.has_value()) {
    return std::string{kGone};
  }
  FieldWriter fields;
  name_group_fields(fields, *group.group, group.is_cleared);
  return fields.finish();
}

Result<StagedGroup> decode_group(std::string id, std::string_view value) {
  if (value == kGone) {
    return StagedGroup{.group = std::nullopt, .is_cleared = true};
  }
  StoredGroup group;
  bool is_cleared = false;
  group.id = std::move(id);
  FieldReader fields{value};
  name_group_fields(fields, group, is_cleared);
  if (auto read = fields.status(); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  return StagedGroup{.group = std::move(group), .is_cleared = is_cleared};
}

std::string encode_membership(std::optional<StoredMemberKind> kind) {
  if (!kind.has_value()) {
    return std::string{kGone};
  }
  return {'"', static_cast<char>(*kind), '"'};
}

Result<std::optional<StoredMemberKind>> decode_membership(std::string_view value) {
  if (value == kGone) {
    return std::nullopt;
  }
  for (const auto kind :
       {StoredMemberKind::kUser, StoredMemberKind::kGroup, StoredMemberKind::kOther}) {
    if (value == encode_membership(kind)) {
      return kind;
    }
  }
  return damaged("a membership in the state database cannot be read");
}

std::string encode_sync_state(const SyncState& state) {
  FieldWriter fields;
  name_state_fields(fields, state);
  if (state.round.has_value()) {
    const bool is_delta = state.round->kind == RoundKind::kDelta;
    name_round_fields(fields, *state.round, is_delta);
  }
  return fields.finish();
}

Result<SyncState> decode_sync_state(std::string_view value) {
  SyncState state;
  RoundState round;
  bool is_delta = false;
  FieldReader fields{value};
  name_state_fields(fields, state);
  name_round_fields(fields, round, is_delta);
  if (auto read = fields.status(); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  if (round.set != 0) {
    round.kind = is_delta ? RoundKind::kDelta : RoundKind::kFull;
    state.round = std::move(round);
  }
  return state;
}

}  // namespace directory

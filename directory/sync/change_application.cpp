// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/change_application.h"

#include "directory/graph/directory_queries.h"
#include "directory/store/directory_content.h"
#include "policy/result.h"

#include <expected>
#include <utility>

namespace directory {
namespace {

template <typename T>
void take_over(const Changed<T>& change, T& property) {
  if (change.has_value()) {
    property = *change;
  }
}

StoredMemberKind stored_kind(MemberKind kind) {
  switch (kind) {
    case MemberKind::kUser: return StoredMemberKind::kUser;
    case MemberKind::kGroup: return StoredMemberKind::kGroup;
    case MemberKind::kOther: break;
  }
  return StoredMemberKind::kOther;
}

}  // namespace

policy::Result<void> apply_change(const UserChange& change, StagedPage& page) {
  if (change.is_removed) {
    page.remove_user(change.id);
    return {};
  }
  auto known = page.user(change.id);
  if (!known.has_value()) {
    return std::unexpected{std::move(known).error()};
  }
  StoredUser user = known->value_or(StoredUser{});
  user.id = change.id;
  take_over(change.display_name, user.display_name);
  take_over(change.given_name, user.given_name);
  take_over(change.surname, user.surname);
  take_over(change.mail, user.mail);
  take_over(change.user_principal_name, user.user_principal_name);
  take_over(change.user_type, user.user_type);
  take_over(change.is_enabled, user.is_enabled);
  take_over(change.proxy_addresses, user.proxy_addresses);
  take_over(change.other_mails, user.other_mails);
  page.put_user(user);
  return {};
}

policy::Result<void> apply_change(const GroupChange& change, StagedPage& page) {
  if (change.is_removed) {
    page.remove_group(change.id);
    return {};
  }
  auto known = page.group(change.id);
  if (!known.has_value()) {
    return std::unexpected{std::move(known).error()};
  }
  StoredGroup group = known->value_or(StoredGroup{});
  group.id = change.id;
  take_over(change.display_name, group.display_name);
  take_over(change.mail, group.mail);
  take_over(change.proxy_addresses, group.proxy_addresses);
  page.put_group(group);
  for (const MemberChange& member : change.members) {
    if (member.is_removed) {
      page.remove_member(change.id, member.id);
    } else {
      page.put_member(change.id, member.id, stored_kind(member.kind));
    }
  }
  return {};
}

}  // namespace directory

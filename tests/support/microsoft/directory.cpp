// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/directory.h"

#include "tests/support/microsoft/message.h"

#include <boost/json/object.hpp>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {

std::string_view text_of(const json::object& properties, std::string_view name) {
  const auto* found = properties.if_contains(name);
  if (found == nullptr || !found->is_string()) {
    return {};
  }
  const json::string& text = found->get_string();
  return {text.data(), text.size()};
}

const std::vector<DirectoryObject>& Directory::objects(ObjectKind kind) const {
  return kind == ObjectKind::kUser ? users_ : groups_;
}

const DirectoryObject& Directory::object(ObjectRef ref) const {
  return objects(ref.kind)[ref.position];
}

DirectoryObject& Directory::changed(ObjectRef ref) {
  auto& all = ref.kind == ObjectKind::kUser ? users_ : groups_;
  DirectoryObject& object = all[ref.position];
  object.changed_at = ++version_;
  return object;
}

void Directory::index_name(ObjectRef ref, bool is_added) {
  const std::string name = lower_case(text_of(object(ref).properties, "userPrincipalName"));
  if (ref.kind != ObjectKind::kUser || name.empty()) {
    return;
  }
  if (is_added) {
    users_by_name_[name] = ref.position;
  } else if (const auto found = users_by_name_.find(name);
             found != users_by_name_.end() && found->second == ref.position) {
    users_by_name_.erase(found);
  }
}

ObjectRef Directory::add(ObjectKind kind, json::object properties) {
  auto& all = kind == ObjectKind::kUser ? users_ : groups_;
  const ObjectRef ref{.kind = kind, .position = all.size()};
  DirectoryObject& object = all.emplace_back();
  object.id = text_of(properties, "id");
  object.properties = std::move(properties);
  object.changed_at = ++version_;
  [[maybe_unused]] const bool is_new = by_id_.emplace(object.id, ref).second;
  assert(is_new);
  index_name(ref, true);
  return ref;
}

void Directory::update(ObjectRef ref, const json::object& properties) {
  index_name(ref, false);
  DirectoryObject& object = changed(ref);
  for (const auto& property : properties) {
    object.properties.insert_or_assign(property.key(), property.value());
  }
  index_name(ref, true);
}

void Directory::remove(ObjectRef ref) {
  changed(ref).presence = Presence::kSoftDeleted;
}

void Directory::restore(ObjectRef ref) {
  DirectoryObject& object = changed(ref);
  object.presence = Presence::kPresent;
  for (auto& [member, membership] : object.members) {
    if (membership.is_member) {
      membership.changed_at = version_;
    }
  }
}

void Directory::purge(ObjectRef ref) {
  index_name(ref, false);
  changed(ref).presence = Presence::kPurged;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const auto found = groups_[i].members.find(ref);
    if (found != groups_[i].members.end() && found->second.is_member) {
      set_member({.kind = ObjectKind::kGroup, .position = i}, ref, false);
      found->second.is_purged = true;
    }
  }
}

void Directory::set_member(ObjectRef group, ObjectRef member, bool is_member) {
  assert(group.kind == ObjectKind::kGroup);
  Membership& membership = groups_[group.position].members[member];
  if (membership.is_member != is_member) {
    membership = {.is_member = is_member, .is_purged = false, .changed_at = ++version_};
  }
}

std::optional<ObjectRef> Directory::find(ObjectKind kind, std::string_view id) const {
  const auto found = by_id_.find(lower_case(id));
  if (found == by_id_.end() || found->second.kind != kind) {
    return std::nullopt;
  }
  return found->second;
}

std::optional<ObjectRef> Directory::find_user(std::string_view id_or_name) const {
  auto ref = find(ObjectKind::kUser, id_or_name);
  if (const auto named = users_by_name_.find(lower_case(id_or_name));
      !ref && named != users_by_name_.end()) {
    ref = ObjectRef{.kind = ObjectKind::kUser, .position = named->second};
  }
  return ref && object(*ref).presence == Presence::kPresent ? ref : std::nullopt;
}

std::optional<ObjectRef> Directory::find_group(std::string_view id_or_name) const {
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const DirectoryObject& group = groups_[i];
    if (group.presence == Presence::kPresent &&
        (group.id == id_or_name || text_of(group.properties, "displayName") == id_or_name)) {
      return ObjectRef{.kind = ObjectKind::kGroup, .position = i};
    }
  }
  return std::nullopt;
}

std::vector<ObjectRef> Directory::members(ObjectRef group) const {
  std::vector<ObjectRef> present;
  for (const auto& [member, membership] : object(group).members) {
    if (membership.is_member && object(member).presence == Presence::kPresent) {
      present.push_back(member);
    }
  }
  return present;
}

std::vector<ObjectRef> Directory::transitive_members(ObjectRef group) const {
  std::set<ObjectRef> seen{group};
  std::vector<ObjectRef> reached;
  std::vector<ObjectRef> groups{group};
  while (!groups.empty()) {
    const ObjectRef next = groups.back();
    groups.pop_back();
    for (const ObjectRef member : members(next)) {
      if (!seen.insert(member).second) {
        continue;
      }
      reached.push_back(member);
      if (member.kind == ObjectKind::kGroup) {
        groups.push_back(member);
      }
    }
  }
  std::ranges::sort(reached);
  return reached;
}

}  // namespace tests::microsoft

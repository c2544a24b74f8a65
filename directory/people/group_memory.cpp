// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/group_memory.h"

#include "directory/people/protection.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "policy/result.h"

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace directory {
namespace {

using policy::Result;

// Each round that is put in force brings a set or delta links of its own.
bool shows_the_same(const SyncState& one, const SyncState& other) {
  return one.live_set == other.live_set && one.source == other.source &&
         one.users_delta_link == other.users_delta_link &&
         one.groups_delta_link == other.groups_delta_link && one.counts == other.counts &&
         one.last_success == other.last_success;
}

Result<std::optional<KnownGroup>> read_group(const ContentView& view, const std::string& id) {
  auto found = view.group(id);
  if (!found.has_value()) {
    return std::unexpected{std::move(found).error()};
  }
  std::optional<StoredGroup>& group = *found;
  if (!group.has_value()) {
    return std::nullopt;
  }
  auto parents = view.direct_groups(id);
  if (!parents.has_value()) {
    return std::unexpected{std::move(parents).error()};
  }
  std::string folded = folded_name(group->display_name);
  return KnownGroup{.id = id,
                    .name = std::move(group->display_name),
                    .folded_name = std::move(folded),
                    .parents = *std::move(parents)};
}

}  // namespace

Result<const KnownGroup*> KnownGroups::find(const ContentView& view, const std::string& id) {
  auto known = groups_.find(id);
  if (known == groups_.end()) {
    auto read = read_group(view, id);
    if (!read.has_value()) {
      return std::unexpected{std::move(read).error()};
    }
    known = groups_.emplace(id, *std::move(read)).first;
  }
  const std::optional<KnownGroup>& group = known->second;
  return group.has_value() ? &*group : nullptr;
}

std::shared_ptr<KnownGroups> GroupMemory::of(const DirectoryKey& key, const ContentView& view) {
  Remembered& remembered = directories_[key];
  if (remembered.groups == nullptr || remembered.groups->size() > kMostGroups ||
      !shows_the_same(remembered.in_force, view.sync_state())) {
    remembered = {.in_force = view.sync_state(), .groups = std::make_shared<KnownGroups>()};
  }
  return remembered.groups;
}

}  // namespace directory

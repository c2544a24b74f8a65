// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/group_closure.h"

#include "directory/store/directory_content.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace directory {

policy::Result<GroupClosure> GroupClosure::of(const ContentView& view) {
  GroupClosure closure;
  auto read = view.for_each_group([&](const StoredGroup& group) -> policy::Result<bool> {
    const bool has_name = !group.display_name.empty();
    closure.groups_.push_back({.id = group.id, .name = has_name ? group.display_name : group.id});
    return true;
  });
  if (!read.has_value()) {
    return std::unexpected{std::move(read).error()};
  }
  closure.parents_.resize(closure.size());
  closure.reached_in_.resize(closure.size());
  read = view.for_each_nesting([&](const std::string& group, const std::string& member) {
    const std::size_t parent = closure.find(group);
    const std::size_t child = closure.find(member);
    if (parent < closure.size() && child < closure.size()) {
      closure.parents_[child].push_back(static_cast<std::uint32_t>(parent));
    }
  });
  if (!read.has_value()) {
    return std::unexpected{std::move(read).error()};
  }
  return closure;
}

const std::vector<std::uint32_t>& GroupClosure::closed(
    const std::vector<std::string>& direct_groups) {
  ++question_;
  closed_.clear();
  for (const std::string& id : direct_groups) {
    if (const std::size_t index = find(id); index < size()) {
      reach(static_cast<std::uint32_t>(index));
    }
  }
  // Grows while it is walked, so that no iterator stays good.
  std::size_t walked = 0;
  while (walked < closed_.size()) {
    const std::uint32_t group = closed_[walked++];
    for (const std::uint32_t parent : parents_[group]) {
      reach(parent);
    }
  }
  std::ranges::sort(closed_);
  return closed_;
}

std::size_t GroupClosure::find(const std::string& id) const {
  const auto found = std::ranges::lower_bound(groups_, id, {}, &Group::id);
  const bool is_there = found != groups_.end() && found->id == id;
  return is_there ? static_cast<std::size_t>(found - groups_.begin()) : size();
}

void GroupClosure::reach(std::uint32_t group) {
  if (reached_in_[group] != question_) {
    reached_in_[group] = question_;
    closed_.push_back(group);
  }
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/clock.h"
#include "directory/graph/directory_queries.h"
#include "directory/graph/failure.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/sync/change_application.h"
#include "directory/sync/round_end.h"
#include "directory/sync/round_of.h"
#include "directory/sync/round_outcome.h"
#include "directory/sync/sync_plan.h"
#include "directory/sync/tenant_round.h"
#include "directory/task.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

std::unexpected<RoundFailure> target_failure(std::string message) {
  return std::unexpected{RoundFailure{
      .what = "targets",
      .error = {.code = policy::ErrorCode::kInvalidInput, .message = std::move(message)}}};
}

// The people and groups that the targets name.
struct Found {
  std::vector<UserChange> people;
  std::vector<GroupWithMembers> groups;
};

std::vector<std::string> find_missing(const std::vector<std::string>& names,
                                      const std::vector<UserChange>& people) {
  std::set<std::string> there;
  for (const UserChange& person : people) {
    there.insert(policy::canonical_address(person.user_principal_name.value_or("")));
  }
  std::vector<std::string> missing;
  std::ranges::copy_if(names, std::back_inserter(missing), [&](const std::string& name) {
    return !there.contains(policy::canonical_address(name));
  });
  return missing;
}

std::size_t count_people(const Found& found) {
  std::set<std::string> ids;
  for (const UserChange& person : found.people) {
    ids.insert(person.id);
  }
  for (const GroupWithMembers& group : found.groups) {
    for (const UserChange& user : group.users) {
      ids.insert(user.id);
    }
  }
  return ids.size();
}

policy::Result<void> stage(const GroupWithMembers& each, StagedPage& page) {
  auto applied = apply_change(each.group, page);
  for (const UserChange& user : each.users) {
    applied = applied.has_value() ? apply_change(user, page) : applied;
    page.put_member(each.group.id, user.id, StoredMemberKind::kUser);
  }
  return applied;
}

policy::Result<void> stage(const Found& found, StagedPage& page) {
  policy::Result<void> staged;
  for (const UserChange& person : found.people) {
    staged = staged.has_value() ? apply_change(person, page) : staged;
  }
  for (const GroupWithMembers& each : found.groups) {
    staged = staged.has_value() ? stage(each, page) : staged;
  }
  return staged;
}

Task<std::expected<Found, RoundFailure>> find_targets(DirectoryQueries& queries,
                                                      const SelectedTargets& targets) {
  Found found;
  if (!targets.people.empty()) {
    auto people = co_await queries.users_named(targets.people);
    if (!people.has_value()) {
      co_return graph_round_failure(std::move(people).error());
    }
    found.people = *std::move(people);
  }
  const std::vector<std::string> missing = find_missing(targets.people, found.people);
  if (!missing.empty()) {
    co_return target_failure(
        fmt::format("the tenant has nobody with the principal name {}; correct targets.people",
                    fmt::join(missing, ", ")));
  }
  for (const std::string& text : targets.groups) {
    auto groups = co_await queries.groups_beginning(text, SelectedTargets::kMostPeople);
    if (!groups.has_value()) {
      co_return graph_round_failure(std::move(groups).error());
    }
    if (groups->empty()) {
      co_return target_failure(
          fmt::format("no group's name begins with {}; correct targets.groups", text));
    }
    std::ranges::move(*groups, std::back_inserter(found.groups));
  }
  const std::size_t people = count_people(found);
  if (people > SelectedTargets::kMostPeople) {
    co_return target_failure(
        fmt::format("the targets are {} people, at most {}; name fewer, or write targets: all",
                    people,
                    SelectedTargets::kMostPeople));
  }
  co_return found;
}

}  // namespace

Task<RoundResult> read_selected_round(TenantRound round) {
  const SelectedTargets targets = round.settings->sync.targets.value_or(SelectedTargets{});
  auto found = co_await find_targets(*round.queries, targets);
  if (!found.has_value()) {
    co_return std::unexpected{std::move(found).error()};
  }
  if (!round.progress("users", count_people(*found))) {
    co_return cancelled_round();
  }
  auto known = round.content->sync_state(round.key);
  if (!known.has_value()) {
    co_return state_failure(std::move(known).error());
  }
  SyncState state =
      round.content->with_new_round(*std::move(known), RoundKind::kFull, now_in_seconds());
  round_of(state).source = TenantSource::of(*round.settings).text();
  StagedPage page{round.content->database(), round.key, state};
  if (auto staged = stage(*found, page); !staged.has_value()) {
    co_return state_failure(std::move(staged).error());
  }
  round_of(state).users_done = true;
  round_of(state).groups_done = true;
  round_of(state).pages = 1;
  if (auto written = page.commit(state); !written.has_value()) {
    co_return state_failure(std::move(written).error());
  }
  // A person asked for exactly these.
  constexpr bool kAcceptShrink = true;
  co_return end_round(
      *round.content, round.key, std::move(state), round.settings->sync.max_shrink, kAcceptShrink);
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/tenant_round.h"

#include "directory/clock.h"
#include "directory/graph/directory_queries.h"
#include "directory/graph/failure.h"
#include "directory/store/directory_content.h"
#include "directory/sync/change_application.h"
#include "directory/sync/round_end.h"
#include "directory/sync/round_of.h"
#include "directory/sync/round_outcome.h"
#include "directory/sync/sync_plan.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>

namespace directory {
namespace {

// Of one sync, so that a service that answers 410 to everything is left alone.
constexpr int kMostResyncs = 2;

// A round that goes on, or is begun: `state.round` is set.
SyncState prepare(const TenantRound& round, SyncState state) {
  const std::string source = TenantSource::of(*round.settings).text();
  const bool goes_on =
      state.round.has_value() && !round.is_full && round_of(state).source == source;
  const bool is_held = goes_on && round_of(state).is_held;
  if (is_held && round.accept_shrink) {
    // This is what is accepted. All of it was read; what has changed since then is added to it.
    round_of(state).users_done = false;
    round_of(state).groups_done = false;
    round_of(state).is_held = false;
    return state;
  }
  if (goes_on && !is_held) {
    return state;
  }
  // What was held is not built on: who was left out of it by mistake is in no delta that follows.
  const bool is_delta = !is_held && !round.is_full && state.live_set != 0 &&
                        state.source == source && !state.users_delta_link.empty() &&
                        !state.groups_delta_link.empty();
  state = round.content->with_new_round(
      std::move(state), is_delta ? RoundKind::kDelta : RoundKind::kFull, now_in_seconds());
  round_of(state).source = source;
  return state;
}

template <typename Change>
policy::Result<void> apply_page(const DeltaPage<Change>& page, StagedPage& staged) {
  for (const Change& change : page.changes) {
    if (auto applied = apply_change(change, staged); !applied.has_value()) {
      return applied;
    }
  }
  return {};
}

// One of the two feeds of a round: how it is asked, and where the round keeps how far it is.
template <typename Change>
struct Feed {
  const char* what;
  Task<GraphResult<DeltaPage<Change>>> (DirectoryQueries::*ask)(std::string);
  std::string RoundState::* link;
  bool RoundState::* done;
};

constexpr Feed<UserChange> kUsers{.what = "users",
                                  .ask = &DirectoryQueries::users_delta,
                                  .link = &RoundState::users_link,
                                  .done = &RoundState::users_done};

constexpr Feed<GroupChange> kGroups{.what = "groups",
                                    .ask = &DirectoryQueries::groups_delta,
                                    .link = &RoundState::groups_link,
                                    .done = &RoundState::groups_done};

// Stages one page and moves the feed's link on; the feed is done once it is the last.
template <typename Change>
policy::Result<void> stage_page(const TenantRound& round,
                                SyncState& state,
                                const DeltaPage<Change>& page,
                                const Feed<Change>& feed) {
  StagedPage staged{round.content->database(), round.key, state};
  if (auto applied = apply_page(page, staged); !applied.has_value()) {
    return applied;
  }
  RoundState& staging = round_of(state);
  staging.*feed.done = page.next_link.empty();
  staging.*feed.link = page.next_link.empty() ? page.delta_link : page.next_link;
  ++staging.pages;
  return staged.commit(state);
}

// Reads a feed to its end, or until Graph asks for a resync.
template <typename Change>
Task<std::expected<void, RoundFailure>> read_feed(const TenantRound& round,
                                                  SyncState& state,
                                                  const Feed<Change>& feed,
                                                  std::optional<GraphFailure>& resync) {
  std::uint64_t read = 0;
  while (!(round_of(state).*feed.done)) {
    const std::string link = round_of(state).*feed.link;
    auto page = co_await (round.queries->*feed.ask)(link);
    if (!page.has_value() && page.error().kind == GraphFailureKind::kResync) {
      resync = std::move(page).error();
      co_return std::expected<void, RoundFailure>();
    }
    if (!page.has_value()) {
      co_return graph_round_failure(std::move(page).error());
    }
    if (!link.empty() && page->next_link == link) {
      GraphFailure failure =
          graph_failure(GraphFailureKind::kRefused, "a delta page names itself as the next one");
      co_return graph_round_failure(std::move(failure));
    }
    auto staged = stage_page(round, state, *page, feed);
    if (!staged.has_value()) {
      co_return state_failure(std::move(staged).error());
    }
    read += page->changes.size();
    if (!round.progress(feed.what, read)) {
      co_return cancelled_round();
    }
  }
  co_return std::expected<void, RoundFailure>();
}

void log_resync(const TenantRound& round, const GraphFailure& failure) {
  round.log->write(policy::EventId::kFullResync,
                   {{.key = "organization", .value = round.key.organization},
                    {.key = "directory", .value = round.key.directory},
                    {.key = "reason", .value = failure.message}});
}

}  // namespace

Task<RoundResult> read_tenant_round(TenantRound round) {
  auto known = round.content->sync_state(round.key);
  if (!known.has_value()) {
    co_return state_failure(std::move(known).error());
  }
  SyncState state = prepare(round, *std::move(known));
  for (int resyncs = 0;; ++resyncs) {
    std::optional<GraphFailure> resync;
    auto read = co_await read_feed(round, state, kUsers, resync);
    if (read.has_value() && !resync.has_value()) {
      read = co_await read_feed(round, state, kGroups, resync);
    }
    if (!read.has_value()) {
      co_return std::unexpected{std::move(read).error()};
    }
    if (!resync.has_value()) {
      break;
    }
    if (resyncs == kMostResyncs) {
      co_return graph_round_failure(*std::move(resync));
    }
    log_resync(round, *resync);
    const std::string source = round_of(state).source;
    state = round.content->with_new_round(std::move(state), RoundKind::kFull, now_in_seconds());
    round_of(state).source = source;
  }
  co_return end_round(*round.content,
                      round.key,
                      std::move(state),
                      round.settings->sync.max_shrink,
                      round.accept_shrink);
}

}  // namespace directory

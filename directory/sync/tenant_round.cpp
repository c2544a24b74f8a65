// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/tenant_round.h"

#include "directory/graph/directory_queries.h"
#include "directory/graph/failure.h"
#include "directory/store/directory_content.h"
#include "directory/sync/change_application.h"
#include "directory/sync/clock.h"
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

std::unexpected<RoundFailure> failure_of(GraphFailure failure) {
  std::string what{word_of(failure.kind)};
  return std::unexpected{
      RoundFailure{.what = std::move(what), .error = to_error(std::move(failure))}};
}

std::unexpected<RoundFailure> failure_of(policy::Error error) {
  return std::unexpected{RoundFailure{.what = "state", .error = std::move(error)}};
}

// A round that goes on, or is begun: `state.round` is set.
SyncState prepare(const TenantRound& round, SyncState state) {
  const std::string source = TenantSource::of(*round.settings).text();
  const bool goes_on =
      state.round.has_value() && !round.is_full && round_of(state).source == source;
  if (goes_on && round_of(state).is_held) {
    // All of it was read; what has changed since then is added to it.
    round_of(state).users_done = false;
    round_of(state).groups_done = false;
    round_of(state).is_held = false;
    return state;
  }
  if (goes_on) {
    return state;
  }
  const bool is_delta = !round.is_full && state.live_set != 0 && state.source == source &&
                        !state.users_delta_link.empty() && !state.groups_delta_link.empty();
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

// Stages one page and moves `link` on; `done` once it is the last.
template <typename Change>
policy::Result<void> stage_page(const TenantRound& round,
                                SyncState& state,
                                const DeltaPage<Change>& page,
                                std::string& link,
                                bool& done) {
  StagedPage staged{round.content->database(), round.key, state};
  if (auto applied = apply_page(page, staged); !applied.has_value()) {
    return applied;
  }
  done = page.next_link.empty();
  link = done ? page.delta_link : page.next_link;
  ++round_of(state).pages;
  return staged.commit(state);
}

template <typename Change>
GraphResult<void> check_page(const DeltaPage<Change>& page, const std::string& asked) {
  if (page.next_link.empty() && page.delta_link.empty()) {
    return std::unexpected{
        GraphFailure{.kind = GraphFailureKind::kRefused,
                     .message = "a delta page has neither a next link nor a delta link",
                     .status = 200,
                     .code = {},
                     .resync_link = {}}};
  }
  if (!page.next_link.empty() && page.next_link == asked) {
    return std::unexpected{GraphFailure{.kind = GraphFailureKind::kRefused,
                                        .message = "a delta page names itself as the next one",
                                        .status = 200,
                                        .code = {},
                                        .resync_link = {}}};
  }
  return {};
}

Task<std::expected<void, RoundFailure>> read_users(TenantRound& round,
                                                   SyncState& state,
                                                   std::optional<GraphFailure>& resync) {
  std::uint64_t read = 0;
  while (!round_of(state).users_done) {
    const std::string link = round_of(state).users_link;
    auto page = co_await round.queries->users_delta(link);
    if (!page.has_value() && page.error().kind == GraphFailureKind::kResync) {
      resync = std::move(page).error();
      co_return std::expected<void, RoundFailure>();
    }
    if (!page.has_value()) {
      co_return failure_of(std::move(page).error());
    }
    if (auto sound = check_page(*page, link); !sound.has_value()) {
      co_return failure_of(std::move(sound).error());
    }
    auto staged =
        stage_page(round, state, *page, round_of(state).users_link, round_of(state).users_done);
    if (!staged.has_value()) {
      co_return failure_of(std::move(staged).error());
    }
    read += page->changes.size();
    round.progress("users", read);
  }
  co_return std::expected<void, RoundFailure>();
}

Task<std::expected<void, RoundFailure>> read_groups(TenantRound& round,
                                                    SyncState& state,
                                                    std::optional<GraphFailure>& resync) {
  std::uint64_t read = 0;
  while (!round_of(state).groups_done) {
    const std::string link = round_of(state).groups_link;
    auto page = co_await round.queries->groups_delta(link);
    if (!page.has_value() && page.error().kind == GraphFailureKind::kResync) {
      resync = std::move(page).error();
      co_return std::expected<void, RoundFailure>();
    }
    if (!page.has_value()) {
      co_return failure_of(std::move(page).error());
    }
    if (auto sound = check_page(*page, link); !sound.has_value()) {
      co_return failure_of(std::move(sound).error());
    }
    auto staged =
        stage_page(round, state, *page, round_of(state).groups_link, round_of(state).groups_done);
    if (!staged.has_value()) {
      co_return failure_of(std::move(staged).error());
    }
    read += page->changes.size();
    round.progress("groups", read);
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
    co_return failure_of(std::move(known).error());
  }
  SyncState state = prepare(round, *std::move(known));
  for (int resyncs = 0;; ++resyncs) {
    std::optional<GraphFailure> resync;
    auto read = co_await read_users(round, state, resync);
    if (read.has_value() && !resync.has_value()) {
      read = co_await read_groups(round, state, resync);
    }
    if (!read.has_value()) {
      co_return std::unexpected{std::move(read).error()};
    }
    if (!resync.has_value()) {
      break;
    }
    if (resyncs == kMostResyncs) {
      co_return failure_of(*std::move(resync));
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

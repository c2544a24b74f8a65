// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/synchronizer.h"

#include "directory/clock.h"
#include "directory/graph/graph_client.h"
#include "directory/people/organizations_in_force.h"
#include "directory/people/protection_report.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/sync/authorization.h"
#include "directory/sync/directory_sync.h"
#include "directory/sync/directory_table.h"
#include "directory/sync/round_outcome.h"
#include "directory/sync/sync_control.h"
#include "directory/sync/sync_plan.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using policy::EventId;
using policy::Result;

// Syncs by schedule that run at once: a provider's hundred tenants are not all asked in one second.
constexpr std::ptrdiff_t kMostAtOnce = 4;

// A generation that could not be written is tried again after this.
constexpr std::chrono::seconds kPublishRetry{60};

// A source that failed is tried again after this, or sooner where it is read more often.
constexpr std::chrono::milliseconds kSyncRetry = std::chrono::minutes{5};

std::unexpected<policy::Error> refuse(std::string why) {
  return policy::fail(policy::ErrorCode::kInvalidInput, std::move(why));
}

// How an Office 365 directory is read when all are refreshed by a person; nothing if it is not.
std::optional<SyncRequest> refresh_request(const DirectorySettings& settings,
                                           const SyncState& state) {
  SyncRequest request;
  request.provision = needs_provisioning(settings, state);
  if (settings.sync.targets.has_value() && !request.provision) {
    return std::nullopt;
  }
  return request;
}

}  // namespace

Synchronizer::Synchronizer(const Executor& executor, Parts parts)
    : executor_(executor),
      parts_(std::move(parts)),
      table_(executor, *parts_.log),
      schedule_changed_(executor),
      publishing_(
          executor,
          *parts_.publisher,
          *parts_.database,
          [this] { return organizations_; },
          *parts_.log) {}

Result<std::unique_ptr<Synchronizer>> Synchronizer::open(const Executor& executor, Parts parts) {
  std::unique_ptr<Synchronizer> opened{new Synchronizer{executor, std::move(parts)}};
  if (auto loaded = opened->reload(); !loaded.has_value()) {
    return std::unexpected{std::move(loaded).error()};
  }
  return opened;
}

Result<void> Synchronizer::reload() {
  auto in_force = organizations_in_force(*parts_.settings, *parts_.records, parts_.folder);
  if (!in_force.has_value()) {
    return std::unexpected{std::move(in_force).error()};
  }
  for (const std::string& warning : in_force->warnings) {
    parts_.log->write(EventId::kConfigurationWarning, {{.key = "text", .value = warning}});
  }
  organizations_ = std::move(in_force->organizations);
  for (const DirectoryKey& key : table_.assign(organizations_)) {
    plan_first(key, table_.entries().at(key));
  }
  return {};
}

Result<SyncState> Synchronizer::sync_state_of(const DirectoryKey& key) const {
  return parts_.content->sync_state(key);
}

bool Synchronizer::has_content() const {
  const bool is_published = std::filesystem::exists(parts_.settings->snapshots / "current");
  return is_published ||
         std::ranges::any_of(organizations_, [&](const OrganizationSettings& organization) {
           return std::ranges::any_of(
               organization.directories, [&](const DirectorySettings& directory) {
                 const auto state = sync_state_of(
                     {.organization = organization.name, .directory = directory.name});
                 return state.has_value() && state->live_set != 0;
               });
         });
}

// A directory that is new here: a file is read at once, a tenant when it is due.
void Synchronizer::plan_first(const DirectoryKey& key, DirectoryEntry& entry) const {
  const auto state = sync_state_of(key);
  entry.due = DirectoryEntry::Time::max();
  if (!state.has_value() || !is_scheduled(*entry.settings, *state)) {
    return;
  }
  entry.due = Clock::now();
  if (std::holds_alternative<Office365Source>(entry.settings->source)) {
    // Of an attempt in the future the clock was wrong: never later than a new one would be.
    const std::chrono::seconds since{
        std::max<std::int64_t>(now_in_seconds() - state->last_attempt, 0)};
    entry.due += std::max(entry.settings->sync.every - since, std::chrono::milliseconds{0});
  }
}

void Synchronizer::plan_next(const DirectoryKey& key, bool has_failed) {
  const auto found = table_.find(key);
  if (!found.has_value()) {
    return;  // it was removed meanwhile
  }
  DirectoryEntry& entry = **found;
  entry.is_running = false;
  const auto state = sync_state_of(key);
  const bool is_due = state.has_value() && is_scheduled(*entry.settings, *state);
  const std::chrono::milliseconds every = entry.settings->sync.every;
  entry.due = is_due ? Clock::now() + (has_failed ? std::min(every, kSyncRetry) : every)
                     : DirectoryEntry::Time::max();
  schedule_changed_.wake();
}

Result<void> Synchronizer::check(const DirectoryKey& key, const SyncRequest& request) {
  const auto entry = table_.find(key);
  if (!entry.has_value()) {
    return std::unexpected{entry.error()};
  }
  const auto state = sync_state_of(key);
  if (!state.has_value()) {
    return std::unexpected{state.error()};
  }
  const DirectorySettings& settings = *(*entry)->settings;
  if ((*entry)->is_running) {
    return policy::fail(policy::ErrorCode::kBusy,
                        name_of(key) + " is being synced; wait for that to end");
  }
  if (request.provision && !std::holds_alternative<Office365Source>(settings.source)) {
    return refuse(name_of(key) + " is read from a file and needs no provisioning; sync it");
  }
  if (!request.provision && needs_provisioning(settings, *state)) {
    return refuse(
        fmt::format("the targets of {0} were not read yet; run: fromguard-directory directories "
                    "provision '{0}'",
                    name_of(key)));
  }
  if (!request.provision && settings.sync.targets.has_value()) {
    return refuse(
        fmt::format("{0} has selected targets, which take no sync after they were "
                    "provisioned; to read them anew run: fromguard-directory directories "
                    "provision '{0}'",
                    name_of(key)));
  }
  return {};
}

Task<RoundResult> Synchronizer::sync(DirectoryKey key, SyncRequest request, RoundProgress told) {
  RoundFailure failure;
  failure.what = "directory";
  const auto entry = table_.find(key);
  if (!entry.has_value()) {
    failure.error = entry.error();
    co_return std::unexpected{std::move(failure)};
  }
  DirectorySync work;
  work.content = parts_.content;
  work.records = parts_.records;
  work.log = parts_.log;
  work.key = key;
  work.settings = (*entry)->settings;
  work.request = request;
  work.progress = std::move(told);
  (*entry)->is_running = true;
  std::shared_ptr<Tenant> tenant;
  if (std::holds_alternative<Office365Source>(work.settings->source)) {
    auto opened = table_.tenant(key);
    if (!opened.has_value()) {
      failure.error = std::move(opened).error();
      note_failure(work, failure);
      plan_next(key, true);
      co_return std::unexpected{std::move(failure)};
    }
    tenant = *std::move(opened);
  }
  work.tenant = tenant.get();
  auto result = co_await sync_directory(std::move(work));
  plan_next(key, !result.has_value() && result.error().what != kCancelledRound);
  co_return result;
}

Task<Result<void>> Synchronizer::publish() {
  if (auto loaded = reload(); !loaded.has_value()) {
    co_return std::unexpected{std::move(loaded).error()};
  }
  if (!has_content()) {
    co_return Result<void>();
  }
  auto published = co_await publishing_.publish();
  if (!published.has_value()) {
    co_return std::unexpected{std::move(published).error()};
  }
  parts_.after_change();
  co_return Result<void>();
}

Task<void> Synchronizer::publish_until_done() {
  while (true) {
    const auto published = co_await publish();
    if (published.has_value()) {
      co_return;
    }
    Wakeup retry{executor_};
    co_await retry.wait_until(Clock::now() + kPublishRetry);
  }
}

Task<void> Synchronizer::run_job(DirectoryKey key, SyncRequest request, std::uint64_t job) {
  RoundProgress told = [this, job](const std::string& what, std::uint64_t done) {
    parts_.jobs->progress(job, done, 0, fmt::format("{} {} read", done, what));
    return !parts_.jobs->is_cancelling(job);
  };
  // Whoever starts a job goes on first: the table of directories may be assigned anew in here.
  co_await asio::post(executor_, asio::use_awaitable);
  Result<std::string> outcome;
  const auto round = co_await sync(key, request, std::move(told));
  if (round.has_value()) {
    parts_.jobs->progress(job, round->counts.users, round->counts.users, "publishing");
    outcome = fmt::format(
        "{} users and {} groups are in force", round->counts.users, round->counts.groups);
    const auto published = co_await publish();
    if (!published.has_value()) {
      outcome = policy::fail("publish", published.error());
      asio::co_spawn(executor_, publish_until_done(), asio::detached);
    }
  } else {
    outcome = std::unexpected{round.error().error};
  }
  parts_.jobs->end(job, outcome, now_in_seconds());
}

Result<std::uint64_t> Synchronizer::begin(const DirectoryKey& key, const SyncRequest& request) {
  auto job = parts_.jobs->begin({.kind = request.provision ? "provision" : "sync",
                                 .subject = name_of(key),
                                 .organization = key.organization},
                                now_in_seconds());
  if (!job.has_value()) {
    return job;
  }
  table_.entries().at(key).is_running = true;
  const auto report = [this, key, number = *job](const std::exception_ptr& thrown) {
    if (thrown == nullptr) {
      return;
    }
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& exception) {
      parts_.log->write(EventId::kInternalError, {{.key = "error", .value = exception.what()}});
      plan_next(key, true);
      parts_.jobs->end(number,
                       policy::fail(policy::ErrorCode::kUnavailable, exception.what()),
                       now_in_seconds());
    }
  };
  asio::co_spawn(executor_, run_job(key, request, *job), report);
  return job;
}

Result<std::uint64_t> Synchronizer::start_sync(const DirectoryKey& key,
                                               const SyncRequest& request) {
  if (auto checked = check(key, request); !checked.has_value()) {
    return std::unexpected{std::move(checked).error()};
  }
  return begin(key, request);
}

void Synchronizer::configuration_changed() {
  if (auto loaded = reload(); !loaded.has_value()) {
    parts_.log->write(EventId::kInternalError, {{.key = "error", .value = loaded.error().message}});
  }
  asio::co_spawn(executor_, publish_until_done(), asio::detached);
  schedule_changed_.wake();
}

const std::vector<OrganizationSettings>& Synchronizer::organizations() const {
  return organizations_;
}

DirectoryEntry::Time Synchronizer::next_due() {
  auto next = DirectoryEntry::Time::max();
  for (const auto& [key, entry] : table_.entries()) {
    next = entry.is_running ? next : std::min(next, entry.due);
  }
  return next;
}

void Synchronizer::start_due() {
  auto running = std::ranges::count_if(table_.entries(),
                                       [](const auto& each) { return each.second.is_running; });
  for (const auto& [key, entry] : table_.entries()) {
    if (entry.is_running || entry.due > Clock::now()) {
      continue;
    }
    if (running >= kMostAtOnce) {
      return;
    }
    if (begin(key, SyncRequest{}).has_value()) {
      ++running;
    }
  }
}

Task<void> Synchronizer::follow_schedule() {
  while (true) {
    start_due();
    const auto running = std::ranges::count_if(
        table_.entries(), [](const auto& each) { return each.second.is_running; });
    // With all places taken, the end of a sync wakes.
    const auto next = running >= kMostAtOnce ? DirectoryEntry::Time::max() : next_due();
    co_await schedule_changed_.wait_until(next);
  }
}

void Synchronizer::start_schedule() {
  asio::co_spawn(executor_, follow_schedule(), asio::detached);
  // What was declared anew while the daemon was not running is in force at once.
  asio::co_spawn(executor_, publish_until_done(), asio::detached);
}

void Synchronizer::make_all_due() {
  for (auto& [key, entry] : table_.entries()) {
    if (entry.due != DirectoryEntry::Time::max()) {
      entry.due = Clock::now();
    }
  }
  schedule_changed_.wake();
}

Task<RefreshResult> Synchronizer::refresh_all() {
  RefreshResult result;
  std::vector<DirectoryKey> keys;
  for (const auto& [key, entry] : table_.entries()) {
    keys.push_back(key);
  }
  bool is_any_read = keys.empty();
  for (const DirectoryKey& key : keys) {
    const auto state = sync_state_of(key);
    const auto entry = table_.find(key);
    const auto request = state.has_value() && entry.has_value()
                             ? refresh_request(*(*entry)->settings, *state)
                             : std::nullopt;
    if (!request.has_value()) {
      is_any_read = true;
      continue;
    }
    RoundProgress untold = [](const std::string& /*what*/, std::uint64_t /*done*/) { return true; };
    auto round = co_await sync(key, *request, std::move(untold));
    is_any_read = is_any_read || round.has_value();
    if (!round.has_value()) {
      result.failures.push_back(std::move(round).error());
    }
  }
  if (is_any_read) {
    const auto published = co_await publish();
    if (!published.has_value()) {
      result.publish_failure = published.error();
    }
  }
  co_return result;
}

const std::vector<ProtectionReport>& Synchronizer::protection_reports() const {
  return publishing_.reports();
}

std::int64_t Synchronizer::next_sync(const DirectoryKey& key) const {
  const auto entry = table_.entries().find(key);
  if (entry == table_.entries().end() || entry->second.due == DirectoryEntry::Time::max()) {
    return 0;
  }
  const auto left = std::chrono::ceil<std::chrono::seconds>(entry->second.due - Clock::now());
  return now_in_seconds() + std::max<std::int64_t>(left.count(), 0);
}

GraphAnswerCounts Synchronizer::graph_answers(const DirectoryKey& key) const {
  const auto entry = table_.entries().find(key);
  if (entry == table_.entries().end() || entry->second.tenant == nullptr) {
    return {};
  }
  return entry->second.tenant->graph_answers();
}

Result<std::shared_ptr<Tenant>> Synchronizer::tenant(const DirectoryKey& key) {
  return table_.tenant(key);
}

Task<Result<std::vector<PermissionState>>> Synchronizer::permissions(DirectoryKey key) {
  const auto tenant = table_.tenant(key);
  if (!tenant.has_value()) {
    co_return std::unexpected{tenant.error()};
  }
  const auto entry = table_.find(key);
  const auto& source = std::get<Office365Source>((*entry)->settings->source);
  const std::set<Feature> features = source.features;
  std::shared_ptr<Tenant> kept = *tenant;
  co_return co_await list_permissions(std::move(kept), features);
}

Result<std::string> Synchronizer::authorization_url(const DirectoryKey& key) {
  const auto tenant = table_.tenant(key);
  if (!tenant.has_value()) {
    return std::unexpected{tenant.error()};
  }
  return begin_authorization((*tenant)->application(), parts_.settings->api, *parts_.records, key);
}

Task<Result<std::string>> Synchronizer::complete_authorization(std::string query) {
  const auto returned = end_authorization(query, *parts_.records);
  if (!returned.has_value()) {
    co_return std::unexpected{returned.error()};
  }
  const auto tenant = table_.tenant(*returned);
  if (!tenant.has_value()) {
    co_return std::unexpected{tenant.error()};
  }
  std::shared_ptr<Tenant> kept = *tenant;
  co_return co_await prove_authorization(std::move(kept), *returned);
}

}  // namespace directory

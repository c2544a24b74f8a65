// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/directory_sync.h"

#include "directory/clock.h"
#include "directory/graph/directory_queries.h"
#include "directory/graph/failure.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/records.h"
#include "directory/sync/csv_round.h"
#include "directory/sync/domain_import.h"
#include "directory/sync/round_outcome.h"
#include "directory/sync/tenant_round.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <expected>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

using policy::EventId;

bool is_office365(const DirectorySync& sync) {
  return std::holds_alternative<Office365Source>(sync.settings->source);
}

// What cannot be noted is logged: the sync itself is not undone by it.
void log_failed_note(const DirectorySync& sync, const policy::Result<void>& noted) {
  if (!noted.has_value()) {
    sync.log->write(EventId::kInternalError, {{.key = "error", .value = noted.error().message}});
  }
}

void raise(const DirectorySync& sync,
           NotificationLevel level,
           std::string what,
           std::string text,
           std::string advice) {
  Notification notification;
  notification.level = level;
  notification.what = std::move(what);
  notification.organization = sync.key.organization;
  notification.directory = sync.key.directory;
  notification.text = std::move(text);
  notification.advice = std::move(advice);
  notification.first = now_in_seconds();
  notification.last = notification.first;
  log_failed_note(sync, sync.records->notify(notification));
}

void note_success(const DirectorySync& sync, const RoundOutcome& outcome) {
  sync.log->write(EventId::kDirectoryRead,
                  {{.key = "organization", .value = sync.key.organization},
                   {.key = "directory", .value = sync.key.directory},
                   {.key = "users", .value = outcome.counts.users},
                   {.key = "groups", .value = outcome.counts.groups},
                   {.key = "memberships", .value = outcome.counts.memberships},
                   {.key = "full", .value = outcome.was_full}});
  log_failed_note(sync, sync.records->resolve_notifications(sync.key));
  if (is_office365(sync)) {
    raise(sync, NotificationLevel::kInfo, "protected", "Exchange Online protected.", {});
  }
}

policy::Result<void> note_attempt(const DirectorySync& sync) {
  auto state = sync.content->sync_state(sync.key);
  if (!state.has_value()) {
    return std::unexpected{std::move(state).error()};
  }
  state->last_attempt = now_in_seconds();
  state->is_started = true;
  return sync.content->put_sync_state(sync.key, *state);
}

// The people are in force whatever becomes of the domains.
Task<void> import_tenant_domains(const DirectorySync& sync) {
  auto domains = co_await sync.tenant->queries().domains();
  if (!domains.has_value()) {
    raise(sync,
          NotificationLevel::kWarning,
          "domains_not_read",
          "The domains of the tenant could not be read: " + domains.error().message,
          "People and groups are up to date; domains stay as they were.");
    co_return;
  }
  const auto imported = importable_domains(*domains, sync.tenant->application().cloud);
  const auto conflicts = sync.records->import_domains(sync.key, imported, now_in_seconds());
  if (!conflicts.has_value()) {
    sync.log->write(EventId::kInternalError,
                    {{.key = "error", .value = conflicts.error().message}});
  } else if (!conflicts->empty()) {
    raise(sync,
          NotificationLevel::kWarning,
          "domain_conflict",
          fmt::format("Another directory has imported {} already.", fmt::join(*conflicts, ", ")),
          "A domain belongs to one directory: remove it from the other tenant, or that directory.");
  }
}

Task<RoundResult> read_office365(const DirectorySync& sync) {
  TenantRound round;
  round.content = sync.content;
  round.queries = &sync.tenant->queries();
  round.key = sync.key;
  round.settings = sync.settings.get();
  round.log = sync.log;
  round.progress = sync.progress;
  round.is_full = sync.request.full;
  round.accept_shrink = sync.request.accept_shrink;
  if (sync.settings->sync.targets.has_value()) {
    co_return co_await read_selected_round(std::move(round));
  }
  co_return co_await read_tenant_round(std::move(round));
}

Task<RoundResult> read(const DirectorySync& sync) {
  if (auto noted = note_attempt(sync); !noted.has_value()) {
    RoundFailure failure;
    failure.what = "state";
    failure.error = std::move(noted).error();
    co_return std::unexpected{std::move(failure)};
  }
  if (!is_office365(sync)) {
    co_return read_csv_round(
        *sync.content, sync.key, *sync.settings, sync.request.full, sync.request.accept_shrink);
  }
  co_return co_await read_office365(sync);
}

}  // namespace

void note_failure(const DirectorySync& sync, const RoundFailure& failure) {
  sync.log->write(EventId::kDirectoryFailed,
                  {{.key = "organization", .value = sync.key.organization},
                   {.key = "directory", .value = sync.key.directory},
                   {.key = "what", .value = failure.what},
                   {.key = "error", .value = failure.error.message}});
  raise(sync,
        NotificationLevel::kError,
        "sync_" + failure.what,
        failure.error.message,
        "What was in force stays in force.");
  auto state = sync.content->sync_state(sync.key);
  if (state.has_value()) {
    state->last_failure = failure.error.message;
    log_failed_note(sync, sync.content->put_sync_state(sync.key, *state));
  }
}

Task<RoundResult> sync_directory(DirectorySync sync) {
  RoundResult result = co_await read(sync);
  if (!result.has_value() && result.error().what == kCancelledRound) {
    co_return result;
  }
  if (!result.has_value()) {
    note_failure(sync, result.error());
    co_return result;
  }
  note_success(sync, *result);
  if (is_office365(sync)) {
    co_await import_tenant_domains(sync);
  }
  co_return result;
}

}  // namespace directory

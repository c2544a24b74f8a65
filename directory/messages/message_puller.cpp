// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/message_puller.h"

#include "directory/clock.h"
#include "directory/graph/token_source.h"
#include "directory/jobs/jobs.h"
#include "directory/messages/message_pull.h"
#include "directory/messages/pull_control.h"
#include "directory/messages/pull_record.h"
#include "directory/messages/pull_summary.h"
#include "directory/messages/recipients.h"
#include "directory/settings.h"
#include "directory/store/audit_trail.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/sync/sync_control.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <expected>
#include <memory>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace asio = boost::asio;
using policy::ErrorCode;
using policy::EventId;
using policy::Result;

constexpr std::int64_t kRetryAfter = std::chrono::seconds{std::chrono::minutes{5}}.count();
constexpr std::int64_t kLongestTry = std::chrono::seconds{std::chrono::hours{24}}.count();

PullRecord record_of(const DirectoryKey& key,
                     PullKind kind,
                     const PullRequest& request,
                     const Actor& actor) {
  PullRecord record;
  record.kind = kind;
  record.key = key;
  record.who = actor.name;
  record.detection = request.detection;
  record.target = request.target;
  record.destination = request.destination;
  record.recipients = request.recipients;
  record.unlisted = request.unlisted;
  record.begun = now_in_seconds();
  return record;
}

std::string_view kind_of_job(const PullRecord& record) {
  if (record.kind == PullKind::kSearch) {
    return "message_find";
  }
  return record.state == PullState::kRestoring ? "message_restore" : "message_pull";
}

AuditEntry entry_of(const PullRecord& record, std::string action, std::string after) {
  return {.who = record.who,
          .action = std::move(action),
          .subject = policy::visible_text(record.target.message_id),
          .before = {},
          .after = std::move(after),
          .organization = record.key.organization};
}

// `pull 12, 300 mailboxes`, and what it is compared with.
std::string described(const PullRecord& record) {
  std::string text = fmt::format("{} {}, {} mailboxes",
                                 record.kind == PullKind::kSearch ? "search" : "pull",
                                 record.number,
                                 record.mailboxes);
  for (const auto& [name, value] : {std::pair{"sender", &record.target.sender},
                                    std::pair{"subject", &record.target.subject},
                                    std::pair{"detection", &record.detection}}) {
    if (!value->empty()) {
      text += fmt::format(", {} {}", name, policy::visible_text(*value));
    }
  }
  return text;
}

// Adds the removal of the searches that are too old to be kept.
Result<void> forget_searches(const StateReader& reader, StateBatch& batch) {
  std::size_t searches = 1;  // with the new one
  return for_each_pull(reader, 0, [&](const PullRecord& record) {
    const bool is_old_search = record.kind == PullKind::kSearch && !is_under_way(record.state);
    searches += is_old_search ? 1 : 0;
    if (is_old_search && searches > MessagePuller::kMostSearches) {
      remove_pull(batch, record.number);
    }
    return true;
  });
}

}  // namespace

MessagePuller::MessagePuller(Executor executor, Parts parts)
    : executor_(std::move(executor)), parts_(std::move(parts)) {}

std::uint64_t MessagePuller::job_of(std::uint64_t number) const {
  const auto found = jobs_.find(number);
  return found == jobs_.end() ? 0 : found->second;
}

Result<void> MessagePuller::check(const DirectoryKey& key) const {
  const auto* organization = find_organization(parts_.control->organizations(), key.organization);
  const auto* directory =
      organization == nullptr ? nullptr : find_directory(*organization, key.directory);
  if (directory == nullptr || !has_feature(*directory, Feature::kPull)) {
    return policy::fail(
        ErrorCode::kInvalidInput,
        name_of(key) + " is not used for pulling; add pull to the features of the directory");
  }
  const auto tenant = parts_.tenant_of(key);
  return tenant.has_value() ? Result<void>{} : std::unexpected{tenant.error()};
}

Result<Recipients> MessagePuller::recipients_of(const DirectoryKey& key,
                                                const PullRequest& request) const {
  const auto view = ContentView::open(parts_.database->snapshot(), key);
  if (!view.has_value()) {
    return std::unexpected{view.error()};
  }
  if (view->sync_state().live_set == 0) {
    return policy::fail(ErrorCode::kInvalidInput,
                        "the people of " + name_of(key) + " were never read; sync it first");
  }
  auto recipients = find_recipients(*view, request.recipients);
  if (recipients.has_value() && recipients->mailboxes.empty()) {
    return policy::fail(
        ErrorCode::kNotFound,
        fmt::format("nobody of these recipients is in {}: {}",
                    name_of(key),
                    policy::visible_text(fmt::format("{}", fmt::join(request.recipients, ", ")))));
  }
  return recipients;
}

// Writes the record, with its number, its mailboxes and the audit entry.
Result<void> MessagePuller::keep(PullRecord& record, const std::vector<Mailbox>& mailboxes) const {
  const auto last = last_number(*parts_.database, Table::kPulls);
  if (!last.has_value()) {
    return std::unexpected{last.error()};
  }
  record.number = *last + 1;
  StateBatch batch;
  const bool is_search = record.kind == PullKind::kSearch;
  if (is_search) {
    if (auto forgotten = forget_searches(*parts_.database, batch); !forgotten.has_value()) {
      return forgotten;
    }
  }
  for (const Mailbox& mailbox : mailboxes) {
    put_mailbox(batch, record.number, mailbox);
  }
  put_pull(batch, record);
  auto entry = entry_of(record, is_search ? "message.find" : "message.pull", described(record));
  return commit_audited(*parts_.database, std::move(batch), std::move(entry));
}

Result<std::uint64_t> MessagePuller::begin_job(const PullRecord& record) const {
  return parts_.jobs->begin({.kind = std::string{kind_of_job(record)},
                             .subject = fmt::format("{} {}", name_of(record.key), record.number),
                             .organization = record.key.organization},
                            now_in_seconds());
}

Result<BegunPull> MessagePuller::start(const DirectoryKey& key,
                                       PullKind kind,
                                       const PullRequest& request,
                                       const Actor& actor) {
  if (auto checked = check(key); !checked.has_value()) {
    return std::unexpected{std::move(checked).error()};
  }
  if (kind == PullKind::kSearch && searches_ >= kMostSearchesAtOnce) {
    return policy::fail(ErrorCode::kBusy,
                        fmt::format("{} searches run already; wait for one to end", searches_));
  }
  auto recipients = recipients_of(key, request);
  if (!recipients.has_value()) {
    return std::unexpected{std::move(recipients).error()};
  }
  PullRecord record = record_of(key, kind, request, actor);
  record.groups = std::move(recipients->groups);
  record.unknown = std::move(recipients->unknown);
  record.mailboxes = recipients->mailboxes.size();
  if (auto kept = keep(record, recipients->mailboxes); !kept.has_value()) {
    return std::unexpected{std::move(kept).error()};
  }
  enqueue(record);
  return BegunPull{.number = record.number, .job = job_of(record.number)};
}

Result<BegunPull> MessagePuller::start_restore(std::uint64_t number, const Actor& actor) {
  auto record = read_pull(*parts_.database, number, PullKind::kPull);
  if (!record.has_value()) {
    return std::unexpected{std::move(record).error()};
  }
  if (is_under_way(record->state)) {
    return policy::fail(ErrorCode::kBusy,
                        fmt::format("pull {} is under way; wait until it has ended", number));
  }
  if (auto checked = check(record->key); !checked.has_value()) {
    return std::unexpected{std::move(checked).error()};
  }
  record->state = PullState::kRestoring;
  record->restore_begun = now_in_seconds();
  record->ended = 0;
  record->failure.clear();
  StateBatch batch;
  put_pull(batch, *record);
  auto entry = entry_of(*record, "message.restore", fmt::format("pull {}", number));
  entry.who = actor.name;
  auto written = commit_audited(*parts_.database, std::move(batch), std::move(entry));
  if (!written.has_value()) {
    return std::unexpected{std::move(written).error()};
  }
  enqueue(*record);
  return BegunPull{.number = number, .job = job_of(number)};
}

// Jobs of two pulls are about two things, so that one can always begin.
void MessagePuller::enqueue(const PullRecord& record) {
  jobs_[record.number] = begin_job(record).value_or(0);
  retries_.erase(record.number);
  if (record.kind == PullKind::kSearch) {
    ++searches_;
    asio::co_spawn(executor_, run_search(record.number), [this](const std::exception_ptr& thrown) {
      --searches_;
      report_thrown(thrown);
    });
    return;
  }
  auto& queue = queues_[record.key];
  queue.push_back(record.number);
  if (queue.size() == 1) {
    work_off(record.key);
  } else {
    parts_.jobs->progress(job_of(record.number), 0, 0, "waiting for the pull before it");
  }
}

void MessagePuller::work_off(const DirectoryKey& key) {
  asio::co_spawn(executor_, run_queue(key), [this, key](const std::exception_ptr& thrown) {
    report_thrown(thrown);
    std::deque<std::uint64_t>& queue = queues_[key];
    if (thrown == nullptr || queue.empty()) {
      return;
    }
    parts_.jobs->end(job_of(queue.front()),
                     policy::fail(ErrorCode::kUnavailable, "it failed, and the log says why"),
                     now_in_seconds());
    jobs_.erase(queue.front());
    retries_[queue.front()] = now_in_seconds() + kRetryAfter;
    queue.pop_front();
    if (!queue.empty()) {
      work_off(key);
    }
  });
}

void MessagePuller::report_thrown(const std::exception_ptr& thrown) const {
  if (thrown == nullptr) {
    return;
  }
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& exception) {
    parts_.log->write(EventId::kInternalError, {{.key = "error", .value = exception.what()}});
  }
}

Task<void> MessagePuller::run_queue(DirectoryKey key) {
  co_await asio::post(executor_, asio::use_awaitable);
  std::deque<std::uint64_t>& queue = queues_[key];
  while (!queue.empty()) {
    co_await carry_out(queue.front(), PullKind::kPull);
    queue.pop_front();
  }
}

Task<void> MessagePuller::run_search(std::uint64_t number) {
  co_await asio::post(executor_, asio::use_awaitable);
  co_await carry_out(number, PullKind::kSearch);
}

Task<void> MessagePuller::carry_out(std::uint64_t number, PullKind kind) {
  auto record = read_pull(*parts_.database, number, kind);
  if (!record.has_value()) {
    parts_.jobs->end(job_of(number), std::unexpected{record.error()}, now_in_seconds());
    jobs_.erase(number);
    co_return;
  }
  auto tenant = parts_.tenant_of(record->key);
  if (!tenant.has_value()) {
    settle(*record, std::unexpected{tenant.error()});
    co_return;
  }
  const std::uint64_t job = job_of(number);
  MessagePull::Parts parts{
      .queries = &(*tenant)->messages(),
      .database = parts_.database,
      .now = &now_in_seconds,
      .is_cancelled = [this, job] { return parts_.jobs->is_cancelling(job); },
      .progress =
          [this, job](std::uint64_t done, std::uint64_t total, const std::string& what) {
            parts_.jobs->progress(job, done, total, what);
          }};
  auto pull = std::make_shared<MessagePull>(std::move(parts), *std::move(record));
  // What was granted since the last time is in a new token alone.
  (*tenant)->tokens().forget(Audience::kGraph);
  auto outcome = co_await pull->run();
  settle(pull->record(), std::move(outcome));
}

// Ends the job. What may work later is tried again for a day.
void MessagePuller::settle(const PullRecord& record, Result<void> outcome) {
  const std::int64_t now = now_in_seconds();
  const std::int64_t begun = std::max(record.begun, record.restore_begun);
  PullRecord told = record;
  if (!outcome.has_value() && is_under_way(record.state)) {
    if (now - begun < kLongestTry) {
      retries_[record.number] = now + kRetryAfter;
    } else {
      told.state = PullState::kFailed;
      told.ended = now;
      told.failure = outcome.error().message;
      StateBatch batch;
      put_pull(batch, told);
      remove_mailboxes(batch, told.number);
      // If it cannot be written, the next start of the daemon tries once more.
      static_cast<void>(parts_.database->commit(std::move(batch)));
    }
  }
  tell(told, outcome);
  const auto summary = outcome.has_value() ? Result<std::string>{summary_of(record)}
                                           : std::unexpected{std::move(outcome).error()};
  parts_.jobs->end(job_of(record.number), summary, now);
  jobs_.erase(record.number);
}

void MessagePuller::tell(const PullRecord& record, const Result<void>& outcome) const {
  const std::string what = fmt::format("{} {}", name_of(record.key), record.number);
  if (outcome.has_value()) {
    parts_.log->write(EventId::kMessagesPulled,
                      {{.key = "pull", .value = std::string_view{what}},
                       {.key = "kind", .value = kind_of_job(record)},
                       {.key = "outcome", .value = summary_of(record)}});
  } else if (record.state != PullState::kCancelled) {
    parts_.log->write(EventId::kMessagePullFailed,
                      {{.key = "pull", .value = std::string_view{what}},
                       {.key = "error", .value = std::string_view{outcome.error().message}}});
  }
  const bool has_failed = !outcome.has_value() && record.state != PullState::kCancelled;
  const bool is_over = record.kind == PullKind::kPull && !is_under_way(record.state);
  if (!is_over || (!has_failed && troubles_of(record) == 0)) {
    return;
  }
  Notification notification;
  notification.level = has_failed ? NotificationLevel::kError : NotificationLevel::kWarning;
  notification.what = "message_pull_failed";
  notification.organization = record.key.organization;
  notification.directory = record.key.directory;
  notification.text =
      has_failed
          ? fmt::format("Pull {} has failed: {}.", record.number, outcome.error().message)
          : fmt::format("Pull {} has ended with trouble: {}.", record.number, summary_of(record));
  notification.advice = fmt::format(
      "See which copies with: fromguard-directory messages show {}; then pull or restore again.",
      record.number);
  notification.first = now_in_seconds();
  notification.last = notification.first;
  // The job and the log say the same.
  static_cast<void>(parts_.records->notify(notification));
}

void MessagePuller::go_on_with_interrupted() {
  std::vector<PullRecord> interrupted;
  const auto read = for_each_pull(*parts_.database, 0, [&](PullRecord record) {
    if (is_under_way(record.state) && !jobs_.contains(record.number)) {
      interrupted.push_back(std::move(record));
    }
    return true;
  });
  if (!read.has_value()) {
    parts_.log->write(EventId::kInternalError,
                      {{.key = "error", .value = std::string_view{read.error().message}}});
    return;
  }
  has_gone_on_ = true;
  for (const PullRecord& record : interrupted | std::views::reverse) {
    enqueue(record);
  }
}

void MessagePuller::start_due(std::int64_t now) {
  if (!has_gone_on_) {
    go_on_with_interrupted();
  }
  std::vector<std::uint64_t> due;
  for (const auto& [number, time] : retries_) {
    if (is_due(now, time - kRetryAfter, kRetryAfter)) {
      due.push_back(number);
    }
  }
  for (const std::uint64_t number : due) {
    const auto pull = read_pull(*parts_.database, number, PullKind::kPull);
    const auto record =
        pull.has_value() ? pull : read_pull(*parts_.database, number, PullKind::kSearch);
    retries_.erase(number);
    if (record.has_value()) {
      enqueue(*record);
    }
  }
}

}  // namespace directory

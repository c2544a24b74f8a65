// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/notifier.h"

#include "directory/clock.h"
#include "directory/graph/backoff.h"
#include "directory/notify/backlog.h"
#include "directory/notify/delivery.h"
#include "directory/notify/digest.h"
#include "directory/notify/mail_sink.h"
#include "directory/notify/notify_control.h"
#include "directory/notify/sink.h"
#include "directory/notify/sink_state.h"
#include "directory/notify/webhook_sink.h"
#include "directory/notify_settings.h"
#include "directory/store/records.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::Result;
using std::chrono::milliseconds;

}  // namespace

Result<std::unique_ptr<Notifier>> Notifier::open(const Executor& executor, Parts parts) {
  std::unique_ptr<Notifier> notifier{new Notifier{parts}};
  notifier->add_sinks(executor);
  for (const std::unique_ptr<Member>& each : notifier->members_) {
    auto begun = notifier->begin(*each, now_in_seconds());
    if (!begun.has_value()) {
      return std::unexpected{std::move(begun).error()};
    }
  }
  return notifier;
}

void Notifier::add_sinks(const Executor& executor) {
  const DigestSources sources{.records = parts_.records,
                              .detections = parts_.detections,
                              .control = parts_.control,
                              .content = parts_.content};
  for (const WebhookSettings& each : parts_.settings->webhooks) {
    auto member = std::make_unique<Member>();
    member->sink =
        std::make_unique<WebhookSink>(executor, each, *parts_.records, parts_.detections);
    members_.push_back(std::move(member));
  }
  for (const MailSettings& each : parts_.settings->mail) {
    auto member = std::make_unique<Member>();
    member->sink = std::make_unique<MailSink>(each, sources, thread_, parts_.between_mails);
    members_.push_back(std::move(member));
  }
}

Result<void> Notifier::begin(Member& member, std::int64_t now) const {
  const auto read = read_sink_state(*parts_.database, member.sink->name());
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<SinkState>& known = *read;
  if (known.has_value()) {
    member.state = *known;
  } else {
    member.state.digest = now;
  }
  const SinkState before = member.state;
  auto begun = member.sink->backlog().begin(member.state, now);
  if (!begun.has_value() || (known.has_value() && member.state == before)) {
    return begun;
  }
  return write_sink_state(*parts_.database, member.sink->name(), member.state);
}

void Notifier::start(const Executor& executor) {
  for (const std::unique_ptr<Member>& each : members_) {
    boost::asio::co_spawn(executor, run(*each), boost::asio::detached);
  }
}

Task<void> Notifier::run(Member& member) const {
  while (!member.is_off) {
    const milliseconds waiting = co_await deliver_next(member);
    co_await wait_for(waiting);
  }
}

// Gives how long to wait before the next.
Task<milliseconds> Notifier::deliver_next(Member& member) const {
  const SinkState before = member.state;
  const auto found = member.sink->next(member.state, now_in_seconds());
  if (!found.has_value()) {
    Outcome unread;
    unread.detail = found.error().message;
    fail(member, unread);
    co_return pause(member, unread);
  }
  const std::optional<Delivery>& delivery = *found;
  keep(member, before);
  if (!delivery.has_value()) {
    co_return parts_.look;
  }
  Delivery sent = *delivery;
  const Outcome outcome = co_await member.sink->send(std::move(sent));
  co_return take(member, *delivery, outcome);
}

milliseconds Notifier::take(Member& member,
                            const Delivery& delivery,
                            const Outcome& outcome) const {
  const SinkState before = member.state;
  milliseconds waiting{0};
  if (outcome.kind == Outcome::Kind::kTaken) {
    succeed(member, delivery.taken);
  } else {
    fail(member, outcome);
    waiting = pause(member, outcome);
  }
  keep(member, before);
  return waiting;
}

void Notifier::succeed(Member& member, const SinkState& taken) const {
  const bool was_told = member.state.is_failing_told;
  const bool has_failed = !member.state.last_error.empty();
  member.state = taken;
  member.state.last_success = now_in_seconds();
  member.state.last_error.clear();
  member.state.is_failing_told = false;
  member.attempts = 0;
  ++member.delivered;
  const std::string& name = member.sink->name();
  if (has_failed) {
    parts_.log->write(policy::EventId::kDeliveryResumed,
                      {{.key = "sink", .value = std::string_view{name}}});
  }
  if (was_told) {
    // What the disk refuses now stays open for a person to resolve.
    static_cast<void>(parts_.records->resolve_notifications_of(kSinkFailing, failing_text(name)));
    static_cast<void>(parts_.records->resolve_notifications_of(kSinkGone, gone_text(name)));
  }
}

void Notifier::fail(Member& member, const Outcome& outcome) const {
  ++member.attempts;
  ++member.failed;
  member.state.last_failure = now_in_seconds();
  member.state.last_error = outcome.detail;
  member.is_off = outcome.kind == Outcome::Kind::kGone;
  if (member.attempts == 1 || member.is_off) {
    parts_.log->write(policy::EventId::kDeliveryFailed,
                      {{.key = "sink", .value = std::string_view{member.sink->name()}},
                       {.key = "error", .value = std::string_view{outcome.detail}}});
  }
  if (member.is_off || (member.attempts == kAttemptsUntold && !member.state.is_failing_told)) {
    tell_failing(member, outcome);
  }
}

void Notifier::tell_failing(Member& member, const Outcome& outcome) const {
  const std::string& name = member.sink->name();
  Notification told;
  told.level = member.is_off ? NotificationLevel::kError : NotificationLevel::kWarning;
  told.what = member.is_off ? kSinkGone : kSinkFailing;
  told.text = member.is_off ? gone_text(name) : failing_text(name);
  told.advice = member.is_off
                    ? "Remove it from 'notify' of directory.yaml, or ask who runs it."
                    : outcome.detail +
                          ". It is tried again until it arrives; see: fromguard-directory "
                          "notifications sinks";
  told.first = member.state.last_failure;
  told.last = told.first;
  // What the disk refuses now is told by the log and by what the sinks say of themselves.
  static_cast<void>(parts_.records->notify(told));
  member.state.is_failing_told = true;
}

milliseconds Notifier::pause(const Member& member, const Outcome& outcome) const {
  const std::optional<milliseconds>& asked = outcome.asked_for;
  if (asked.has_value()) {
    // Never at once: who asks for no pause while refusing would be asked for ever.
    return std::clamp(*asked, std::min(parts_.look, parts_.longest_asked), parts_.longest_asked);
  }
  if (outcome.kind == Outcome::Kind::kSlowly) {
    return parts_.slowly;
  }
  const Backoff backoff{.first = parts_.retry_first, .longest = parts_.retry_longest};
  return backoff.pause(member.attempts, std::nullopt);
}

// What cannot be written now is written with the next change; until then a restart may deliver
// again what was delivered, under the same id.
void Notifier::keep(const Member& member, const SinkState& before) const {
  if (member.state != before) {
    static_cast<void>(write_sink_state(*parts_.database, member.sink->name(), member.state));
  }
}

Result<std::vector<SinkStanding>> Notifier::standings() const {
  std::vector<SinkStanding> standings;
  standings.reserve(members_.size());
  for (const std::unique_ptr<Member>& each : members_) {
    const auto waiting = each->sink->backlog().waiting(each->state, SinkStanding::kMostWaiting);
    if (!waiting.has_value()) {
      return std::unexpected{waiting.error()};
    }
    standings.push_back({.name = each->sink->name(),
                         .kind = each->sink->kind(),
                         .target = each->sink->target(),
                         .organizations = each->sink->scope().organizations,
                         .is_off = each->is_off,
                         .last_success = each->state.last_success,
                         .last_failure = each->state.last_failure,
                         .last_error = each->state.last_error,
                         .waiting = *waiting,
                         .skipped = each->state.skipped,
                         .delivered = each->delivered,
                         .failed = each->failed});
  }
  return standings;
}

Task<Result<SinkTest>> Notifier::test(std::string name) {
  const auto found = std::ranges::find_if(
      members_, [&](const std::unique_ptr<Member>& each) { return each->sink->name() == name; });
  if (found == members_.end()) {
    co_return policy::fail(policy::ErrorCode::kNotFound,
                           "there is no sink " + name + "; see: notifications sinks");
  }
  Sink& sink = *(*found)->sink;
  Delivery delivery = sink.test(now_in_seconds());
  const Outcome outcome = co_await sink.send(std::move(delivery));
  SinkTest tested;
  tested.name = name;
  tested.kind = sink.kind();
  tested.is_taken = outcome.kind == Outcome::Kind::kTaken;
  tested.detail = outcome.detail;
  co_return tested;
}

}  // namespace directory

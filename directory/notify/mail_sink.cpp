// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/mail_sink.h"

#include "directory/notify/backlog.h"
#include "directory/notify/delivery.h"
#include "directory/notify/digest.h"
#include "directory/notify/mail_message.h"
#include "directory/notify/payload.h"
#include "directory/notify/sink_state.h"
#include "directory/notify/smtp_delivery.h"
#include "directory/notify_settings.h"
#include "directory/store/records.h"
#include "directory/task.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

namespace asio = boost::asio;
using policy::Result;

Task<Result<void>> send_there(SmtpMail mail, const std::atomic<bool>* is_over) {
  co_return send_by_smtp(mail, *is_over);
}

}  // namespace

struct MailThread::State {
  std::atomic<bool> is_over = false;
  asio::thread_pool worker{1};
};

MailThread::MailThread() : state_(std::make_unique<State>()) {}

MailThread::~MailThread() {
  state_->is_over = true;
  state_->worker.stop();
  state_->worker.join();
}

Task<Outcome> MailThread::send(const MailSettings& settings, std::string message) {
  SmtpMail mail;
  mail.server = settings.smtp;
  mail.from = settings.from;
  mail.to = settings.to;
  mail.message = std::move(message);
  Task<Result<void>> work = send_there(std::move(mail), &state_->is_over);
  const Result<void> sent =
      co_await asio::co_spawn(state_->worker, std::move(work), asio::use_awaitable);
  Outcome outcome;
  if (sent.has_value()) {
    outcome.kind = Outcome::Kind::kTaken;
    outcome.detail = "the mail server has taken it";
  } else {
    const bool is_refused = sent.error().code == policy::ErrorCode::kInvalidInput;
    outcome.kind = is_refused ? Outcome::Kind::kSlowly : Outcome::Kind::kRetry;
    outcome.detail = sent.error().message;
  }
  co_return outcome;
}

MailSink::MailSink(const MailSettings& settings,
                   const DigestSources& sources,
                   MailThread& thread,
                   std::chrono::seconds pause)
    : settings_(&settings),
      sources_(sources),
      thread_(&thread),
      pause_(pause),
      backlog_({.records = sources.records,
                .detections = nullptr,
                .sink = settings.name,
                .scope = settings.scope,
                .takes_notifications = settings.takes_notifications}) {}

std::string MailSink::target() const {
  return fmt::format("{}", fmt::join(settings_->to, ", "));
}

std::string MailSink::composed(const MailText& mail,
                               const std::string& id,
                               std::int64_t now) const {
  return compose_mail({.from = settings_->from,
                       .to = settings_->to,
                       .subject = mail.subject,
                       .text = mail.text,
                       .id = id,
                       .time = now});
}

Result<std::optional<Delivery>> MailSink::digest(const SinkState& state, std::int64_t now) const {
  const std::int64_t due = digest_due(*settings_, now);
  const bool is_counted = sources_.detections == nullptr || sources_.detections->are_counts_whole();
  if (settings_->digest == MailSettings::Digest::kNone || !is_digest_due(state.digest, due) ||
      !is_counted) {
    return std::nullopt;
  }
  const auto facts =
      digest_facts(sources_, settings_->scope, digest_period(*settings_, state.digest, due));
  if (!facts.has_value()) {
    return std::unexpected{facts.error()};
  }
  Delivery delivery;
  delivery.id = delivery_id(name(), "digest", std::to_string(due));
  delivery.content = composed(digest_mail(*facts), delivery.id, now);
  delivery.taken = state;
  delivery.taken.digest = due;
  return delivery;
}

Result<std::optional<Delivery>> MailSink::next(SinkState& state, std::int64_t now) {
  auto due = digest(state, now);
  if (!due.has_value() || due->has_value()) {
    return due;
  }
  const auto waiting = backlog_.notifications(state, kMostNotifications);
  if (!waiting.has_value()) {
    return std::unexpected{waiting.error()};
  }
  const bool is_soon = now >= state.last_success && now < state.last_success + pause_.count();
  if (waiting->empty() || is_soon) {
    return std::nullopt;
  }
  const Notification& last = waiting->back();
  Delivery delivery;
  delivery.id = delivery_id(name(), "notification", fmt::format("{} {}", last.number, last.first));
  delivery.content = composed(notifications_mail(*waiting, state.unreported), delivery.id, now);
  delivery.taken = state;
  delivery.taken.notification = last.number;
  delivery.taken.unreported = 0;
  return delivery;
}

Delivery MailSink::test(std::int64_t now) const {
  MailText mail;
  mail.subject = "[fromguard] A test";
  mail.text = "Somebody has asked fromguard-directory to send a test to " + name() +
              ".\nNothing is to be done.\n";
  Delivery delivery;
  delivery.id = delivery_id(name(), "test", std::to_string(now));
  delivery.content = composed(mail, delivery.id, now);
  return delivery;
}

Task<Outcome> MailSink::send(Delivery delivery) {
  co_return co_await thread_->send(*settings_, std::move(delivery.content));
}

}  // namespace directory

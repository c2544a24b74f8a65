// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/notify/backlog.h"
#include "directory/notify/delivery.h"
#include "directory/notify/digest.h"
#include "directory/notify/mail_message.h"
#include "directory/notify/sink.h"
#include "directory/notify/sink_state.h"
#include "directory/notify_settings.h"
#include "directory/task.h"
#include "policy/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace directory {

/// A thread that hands messages to the MTA of this machine, one after the other. What it is at when
/// it is destroyed is given up.
class MailThread {
 public:
  MailThread();
  MailThread(const MailThread&) = delete;
  MailThread& operator=(const MailThread&) = delete;
  MailThread(MailThread&&) = delete;
  MailThread& operator=(MailThread&&) = delete;
  ~MailThread();

  /// Sends the message to those of the settings.
  [[nodiscard]] Task<Outcome> send(const MailSettings& settings, std::string message);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Admins who are written to. What waits becomes one mail, at most one a pause; digests are mails
/// of their own.
class MailSink final : public Sink {
 public:
  /// Notifications of one mail at most.
  static constexpr std::size_t kMostNotifications = 200;

  /// Settings, sources and the thread must outlive the sink.
  MailSink(const MailSettings& settings,
           const DigestSources& sources,
           MailThread& thread,
           std::chrono::seconds pause);

  [[nodiscard]] const std::string& name() const override { return settings_->name; }

  [[nodiscard]] const SinkScope& scope() const override { return settings_->scope; }

  [[nodiscard]] std::string kind() const override { return "mail"; }

  [[nodiscard]] std::string target() const override;

  [[nodiscard]] const Backlog& backlog() const override { return backlog_; }

  [[nodiscard]] policy::Result<std::optional<Delivery>> next(SinkState& state,
                                                             std::int64_t now) override;
  [[nodiscard]] Delivery test(std::int64_t now) const override;
  [[nodiscard]] Task<Outcome> send(Delivery delivery) override;

 private:
  [[nodiscard]] policy::Result<std::optional<Delivery>> digest(const SinkState& state,
                                                               std::int64_t now) const;
  [[nodiscard]] std::string composed(const MailText& mail,
                                     const std::string& id,
                                     std::int64_t now) const;

  const MailSettings* settings_;
  DigestSources sources_;
  MailThread* thread_;
  std::chrono::seconds pause_;
  Backlog backlog_;
};

}  // namespace directory

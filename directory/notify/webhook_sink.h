// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/detections/detections.h"
#include "directory/http/client.h"
#include "directory/notify/backlog.h"
#include "directory/notify/delivery.h"
#include "directory/notify/sink.h"
#include "directory/notify/sink_state.h"
#include "directory/notify_settings.h"
#include "directory/store/records.h"
#include "directory/task.h"
#include "policy/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace directory {

/// What an answer of this status means for a delivery.
[[nodiscard]] Outcome outcome_of(const HttpResponse& response);

/// A webhook: each delivery is a POST that is signed as Standard Webhooks has it.
class WebhookSink final : public Sink {
 public:
  /// Settings, records and detections (null: not read) must outlive the sink.
  WebhookSink(Executor executor,
              const WebhookSettings& settings,
              const Records& records,
              const Detections* detections);

  [[nodiscard]] const std::string& name() const override { return settings_->name; }

  [[nodiscard]] const SinkScope& scope() const override { return settings_->scope; }

  [[nodiscard]] std::string kind() const override { return "webhook"; }

  [[nodiscard]] std::string target() const override;

  [[nodiscard]] const Backlog& backlog() const override { return backlog_; }

  [[nodiscard]] policy::Result<std::optional<Delivery>> next(SinkState& state,
                                                             std::int64_t now) override;
  [[nodiscard]] Delivery test(std::int64_t now) const override;
  [[nodiscard]] Task<Outcome> send(Delivery delivery) override;

 private:
  [[nodiscard]] policy::Result<HttpRequest> request_of(const Delivery& delivery) const;
  [[nodiscard]] policy::Result<void> open_client();

  Executor executor_;
  const WebhookSettings* settings_;
  Backlog backlog_;
  std::unique_ptr<HttpClient> client_;  // null until it is needed
};

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/webhook_sink.h"

#include "directory/clock.h"
#include "directory/detections/detections.h"
#include "directory/graph/backoff.h"
#include "directory/http/client.h"
#include "directory/http/url.h"
#include "directory/notify/backlog.h"
#include "directory/notify/delivery.h"
#include "directory/notify/payload.h"
#include "directory/notify/signature.h"
#include "directory/notify/sink_state.h"
#include "directory/notify_settings.h"
#include "directory/store/records.h"
#include "directory/task.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

using policy::Result;

constexpr std::chrono::seconds kTimeout{15};
constexpr std::size_t kMostAnswered = std::size_t{64} * 1024;
constexpr unsigned kFirstSuccess = 200;
constexpr unsigned kFirstRedirect = 300;
constexpr unsigned kFirstRefusal = 400;
constexpr unsigned kGone = 410;
constexpr unsigned kFirstFault = 500;
// Refusals that are over by themselves: a timeout, too early, too many requests.
constexpr std::array<unsigned, 3> kPassing{408, 425, 429};

Outcome slowly(std::string detail) {
  return {.kind = Outcome::Kind::kSlowly, .detail = std::move(detail), .asked_for = {}};
}

}  // namespace

Outcome outcome_of(const HttpResponse& response) {
  const unsigned status = response.status;
  if (status >= kFirstSuccess && status < kFirstRedirect) {
    return {
        .kind = Outcome::Kind::kTaken, .detail = fmt::format("HTTP {}", status), .asked_for = {}};
  }
  if (status == kGone) {
    return {.kind = Outcome::Kind::kGone, .detail = "HTTP 410: it wants no more", .asked_for = {}};
  }
  if (status >= kFirstRedirect && status < kFirstRefusal) {
    return slowly(fmt::format("HTTP {}: redirects are not followed; name the final URL", status));
  }
  const bool is_passing = std::ranges::find(kPassing, status) != kPassing.end();
  if (status < kFirstFault && !is_passing) {
    return slowly(fmt::format("HTTP {}: the receiver refuses it", status));
  }
  return {.kind = Outcome::Kind::kRetry,
          .detail = fmt::format("HTTP {}", status),
          .asked_for = retry_after(response.headers)};
}

WebhookSink::WebhookSink(Executor executor,
                         const WebhookSettings& settings,
                         const Records& records,
                         const Detections* detections)
    : executor_(std::move(executor)),
      settings_(&settings),
      backlog_({.records = &records,
                .detections = settings.takes_detections ? detections : nullptr,
                .sink = settings.name,
                .scope = settings.scope,
                .takes_notifications = settings.takes_notifications}) {}

std::string WebhookSink::target() const {
  const auto url = Url::parse(settings_->url);
  return url.has_value() ? text_of(url->origin()) : std::string{};
}

Result<std::optional<Delivery>> WebhookSink::next(SinkState& state, std::int64_t /*now*/) {
  const auto notifications = backlog_.notifications(state, 1);
  if (!notifications.has_value()) {
    return std::unexpected{notifications.error()};
  }
  Delivery delivery;
  if (!notifications->empty()) {
    const Notification& oldest = notifications->front();
    delivery.id =
        delivery_id(name(), "notification", fmt::format("{} {}", oldest.number, oldest.first));
    delivery.content = notification_payload(oldest, state.unreported);
    delivery.taken = state;
    delivery.taken.notification = oldest.number;
    delivery.taken.unreported = 0;
    return delivery;
  }
  const auto detections = backlog_.detections(state);
  if (!detections.has_value()) {
    return std::unexpected{detections.error()};
  }
  if (detections->empty()) {
    return std::nullopt;
  }
  delivery.id = delivery_id(name(), "detections", state.batch_end.text());
  delivery.content = detections_payload(*detections, state.unreported);
  delivery.taken = state;
  delivery.taken.detection = state.batch_end;
  delivery.taken.batch_end = {};
  delivery.taken.batch_size = 0;
  delivery.taken.unreported = 0;
  return delivery;
}

Delivery WebhookSink::test(std::int64_t now) const {
  return {.id = delivery_id(name(), "test", std::to_string(now)),
          .content = test_payload(name(), now),
          .taken = {}};
}

Result<HttpRequest> WebhookSink::request_of(const Delivery& delivery) const {
  // Read anew each time: a secret can be changed while the daemon runs.
  const auto key = read_webhook_key(settings_->secret);
  if (!key.has_value()) {
    return std::unexpected{key.error()};
  }
  auto url = Url::parse(settings_->url);
  if (!url.has_value()) {
    return std::unexpected{std::move(url).error()};
  }
  const std::int64_t now = now_in_seconds();
  return HttpRequest{.method = "POST",
                     .url = *std::move(url),
                     .headers = {{"Content-Type", "application/json"},
                                 {"webhook-id", delivery.id},
                                 {"webhook-timestamp", std::to_string(now)},
                                 {"webhook-signature",
                                  webhook_signature(*key, delivery.id, now, delivery.content)}},
                     .body = delivery.content,
                     .timeout = kTimeout,
                     .body_limit = kMostAnswered};
}

Result<void> WebhookSink::open_client() {
  if (client_ != nullptr) {
    return {};
  }
  HttpClient::Settings settings;
  settings.authorities = settings_->authorities;
  auto opened = HttpClient::open(executor_, std::move(settings));
  if (!opened.has_value()) {
    return std::unexpected{std::move(opened).error()};
  }
  client_ = *std::move(opened);
  return {};
}

Task<Outcome> WebhookSink::send(Delivery delivery) {
  if (const auto opened = open_client(); !opened.has_value()) {
    co_return slowly(policy::visible_text(opened.error().message));
  }
  auto request = request_of(delivery);
  if (!request.has_value()) {
    co_return slowly(policy::visible_text(request.error().message));
  }
  const auto response = co_await client_->send(*std::move(request));
  if (response.has_value()) {
    co_return outcome_of(*response);
  }
  Outcome failed;
  failed.kind = response.error().code == policy::ErrorCode::kUnavailable ? Outcome::Kind::kRetry
                                                                         : Outcome::Kind::kSlowly;
  failed.detail = policy::visible_text(response.error().message);
  co_return failed;
}

}  // namespace directory

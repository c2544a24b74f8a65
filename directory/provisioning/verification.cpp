// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/provisioning/verification.h"

#include "directory/clock.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/plan.h"
#include "directory/provisioning/connector_control.h"
#include "directory/provisioning/provisioner.h"
#include "directory/store/directory_key.h"
#include "directory/store/provisioning_records.h"
#include "directory/store/records.h"
#include "directory/task.h"
#include "policy/result.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::Result;

constexpr std::int64_t kVerifyEvery = std::chrono::seconds{std::chrono::hours{24}}.count();

// What is not as it should be, in one sentence; empty if nothing.
std::string drift_of(const ExchangePlan& plan) {
  std::vector<std::string> parts;
  for (const PlannedObject& each : plan.objects) {
    std::vector<std::string> properties;
    properties.reserve(each.changes.size());
    for (const PropertyChange& change : each.changes) {
      properties.push_back(change.property);
    }
    switch (each.action) {
      case PlanAction::kLeave: break;
      case PlanAction::kCreate:
        parts.push_back(fmt::format("'{}' is not there", each.desired.name));
        break;
      case PlanAction::kChange:
        parts.push_back(
            fmt::format("'{}' differs in {}", each.desired.name, fmt::join(properties, ", ")));
        break;
      case PlanAction::kRemove:
        parts.push_back(fmt::format("'{}' should not be there", each.desired.name));
        break;
      case PlanAction::kConflict: parts.push_back(each.reason); break;
    }
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace

void Provisioner::note(const DirectoryKey& key,
                       ProvisioningRecord record,
                       const PlanReport& report) const {
  record.verified = now_in_seconds();
  record.drift = drift_of(report.plan);
  auto noted = write_provisioning(*parts_.database, key, record, {}, {});
  if (noted.has_value() && record.drift.empty()) {
    noted = parts_.records->resolve_connector_notifications(key);
  } else if (noted.has_value()) {
    Notification notification;
    notification.level = NotificationLevel::kWarning;
    notification.what = "connector_drift";
    notification.organization = key.organization;
    notification.directory = key.directory;
    notification.text = "Connectors in Exchange are not as they should be: " + record.drift + ".";
    notification.advice =
        "Plan the connectors to see what differs, and apply the plan; or find out who changed "
        "them.";
    notification.first = record.verified;
    notification.last = record.verified;
    noted = parts_.records->notify(notification);
  }
  if (!noted.has_value()) {
    log_failure(noted.error());
  }
}

Task<Result<PlanReport>> Provisioner::verify(DirectoryKey key) {
  const auto site = open(key);
  if (!site.has_value()) {
    co_return std::unexpected{site.error()};
  }
  if (!site->record.is_applied) {
    co_return policy::fail(ErrorCode::kConflict,
                           name_of(key) + " has no connectors of ours yet; apply a plan first");
  }
  auto report = co_await compare(*site);
  if (report.has_value()) {
    note(key, site->record, *report);
  }
  co_return report;
}

Task<void> Provisioner::verify_due(std::int64_t now) {
  const auto known = standings();
  if (!known.has_value()) {
    log_failure(known.error());
    co_return;
  }
  for (const ConnectorStanding& each : *known) {
    if (!each.record.is_applied || !is_due(now, each.record.verified, kVerifyEvery)) {
      continue;
    }
    const auto verified = co_await verify(each.key);
    if (!verified.has_value()) {
      log_failure(verified.error());
    }
  }
}

Task<void> verify_connectors(Provisioner& provisioner) {
  // One that fails, because Microsoft is not to be reached, is tried again after this.
  constexpr std::chrono::minutes kInterval{15};
  boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor};
  while (true) {
    co_await provisioner.verify_due(now_in_seconds());
    timer.expires_after(kInterval);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace directory

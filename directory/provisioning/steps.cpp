// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/clock.h"
#include "directory/exchange/apply.h"
#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/private_file.h"
#include "directory/provisioning/connector_control.h"
#include "directory/provisioning/provisioner.h"
#include "directory/relay/outbound_tenants.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/store/provisioning_records.h"
#include "directory/store/records.h"
#include "directory/sync/sync_control.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <expected>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::EventId;
using policy::Result;

// Takes a step in the record: what is wanted from now on.
void advance(ProvisioningRecord& record, ConnectorStep step) {
  switch (step) {
    case ConnectorStep::kEnableInbound: record.is_inbound_enabled = true; break;
    case ConnectorStep::kLock:
      record.is_inbound_enabled = true;
      record.is_locked = true;
      break;
    case ConnectorStep::kUnlock: record.is_locked = false; break;
    case ConnectorStep::kEnableOutbound: record.is_outbound_enabled = true; break;
    case ConnectorStep::kDisableOutbound: record.is_outbound_enabled = false; break;
  }
}

std::string unmet(const std::vector<Requirement>& requirements) {
  std::vector<std::string> texts;
  for (const Requirement& each : requirements) {
    if (!each.is_met) {
      texts.push_back(each.text);
    }
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace

Task<Result<PlanReport>> Provisioner::step(DirectoryKey key, ConnectorStep step, Actor actor) {
  const auto required = co_await requirements(key, step);
  if (!required.has_value()) {
    co_return std::unexpected{required.error()};
  }
  if (const std::string missing = unmet(*required); !missing.empty()) {
    co_return policy::fail(ErrorCode::kConflict, missing);
  }
  auto site = open(key);
  if (!site.has_value()) {
    co_return std::unexpected{std::move(site).error()};
  }
  Site taken = *std::move(site);
  advance(taken.record, step);
  auto input = desired_input(key, taken.record);
  if (!input.has_value()) {
    co_return std::unexpected{std::move(input).error()};
  }
  taken.input = *std::move(input);
  auto desired = desired_objects(taken.input);
  if (!desired.has_value()) {
    co_return std::unexpected{std::move(desired).error()};
  }
  const auto tenant = co_await taken.tenant->exchange().tenant_id();
  if (!tenant.has_value()) {
    co_return std::unexpected{to_error(tenant.error())};
  }
  // The gateway knows the tenant before its mail comes.
  auto begun = read_provisioning(*parts_.database, key);
  if (begun.has_value()) {
    begun->tenant = *tenant;
    taken.record.tenant = *tenant;
    auto written =
        write_provisioning(*parts_.database, key, is_easing(step) ? taken.record : *begun, {}, {});
    begun = written.has_value() ? begun : std::unexpected{std::move(written).error()};
  }
  if (!begun.has_value()) {
    co_return std::unexpected{std::move(begun).error()};
  }
  if (auto told = write_tenants(); !told.has_value()) {
    co_return std::unexpected{std::move(told).error()};
  }
  ApplySettings settings = parts_.apply;
  auto report = co_await bring(taken, *std::move(desired), std::move(settings));
  if (!report.has_value()) {
    co_return report;
  }
  taken.record.verified = now_in_seconds();
  taken.record.drift.clear();
  const std::string action = "connectors." + std::string{word_of(step)};
  auto written = write_provisioning(*parts_.database, key, taken.record, action, actor);
  if (!written.has_value()) {
    co_return std::unexpected{std::move(written).error()};
  }
  co_return report;
}

Task<Result<PlanReport>> Provisioner::take(DirectoryKey key, ConnectorStep step, Actor actor) {
  const auto job = begin(key);
  if (!job.has_value()) {
    co_return std::unexpected{job.error()};
  }
  parts_.jobs->progress(*job, 0, 0, std::string{word_of(step)});
  auto report = co_await this->step(key, step, std::move(actor));
  const Result<std::string> outcome =
      report.has_value() ? Result<std::string>{std::string{word_of(step)} + " is done"}
                         : std::unexpected{report.error()};
  parts_.jobs->end(*job, outcome, now_in_seconds());
  co_return report;
}

Task<Result<PlanReport>> Provisioner::take_away(DirectoryKey key, Actor actor) {
  const auto opened = open(key);
  if (!opened.has_value()) {
    co_return std::unexpected{opened.error()};
  }
  Site site = *opened;
  // Unlocked, and with mail leaving directly, whatever becomes of the rest.
  site.record.is_locked = false;
  site.record.is_outbound_enabled = false;
  auto eased = write_provisioning(*parts_.database, key, site.record, {}, {});
  if (!eased.has_value()) {
    co_return std::unexpected{std::move(eased).error()};
  }
  auto desired = desired_objects(site.input);
  if (!desired.has_value()) {
    co_return std::unexpected{std::move(desired).error()};
  }
  for (DesiredObject& each : *desired) {
    each.is_wanted = false;
  }
  auto report = co_await bring(site, *std::move(desired), parts_.apply);
  if (!report.has_value()) {
    co_return report;
  }
  site.record.is_applied = false;
  site.record.is_inbound_enabled = false;
  site.record.drift.clear();
  auto written = write_provisioning(*parts_.database, key, site.record, "connectors.remove", actor);
  if (written.has_value()) {
    written = parts_.records->resolve_connector_notifications(key);
  }
  if (!written.has_value()) {
    co_return std::unexpected{std::move(written).error()};
  }
  export_tenants();
  co_return report;
}

Task<Result<PlanReport>> Provisioner::remove(DirectoryKey key, Actor actor) {
  const auto job = begin(key);
  if (!job.has_value()) {
    co_return std::unexpected{job.error()};
  }
  parts_.jobs->progress(*job, 0, 0, "remove");
  auto report = co_await take_away(key, std::move(actor));
  const Result<std::string> outcome = report.has_value()
                                          ? Result<std::string>{"everything of ours is removed"}
                                          : std::unexpected{report.error()};
  parts_.jobs->end(*job, outcome, now_in_seconds());
  co_return report;
}

Result<void> Provisioner::write_tenants() const {
  if (!parts_.settings->relay_export.has_value()) {
    return {};
  }
  const auto known = standings();
  if (!known.has_value()) {
    return std::unexpected{known.error()};
  }
  std::vector<OutboundTenant> tenants;
  bool was_ever = false;
  for (const ConnectorStanding& each : *known) {
    const std::filesystem::path file = secret_file(each.record);
    const auto* organization =
        find_organization(parts_.control->organizations(), each.key.organization);
    was_ever = was_ever || std::filesystem::exists(file);
    if (!each.record.is_applied || organization == nullptr || !std::filesystem::exists(file)) {
      continue;
    }
    auto secret = read_secret(file);
    if (!secret.has_value()) {
      return std::unexpected{std::move(secret).error()};
    }
    tenants.push_back({.organization = each.key.organization,
                       .tenant = each.record.tenant,
                       .header = organization->exchange.tenant_header,
                       .secret = *std::move(secret)});
  }
  if (!was_ever) {
    return {};
  }
  return write_outbound_tenants(parts_.settings->relay_export->directory / kOutboundTenantsFile,
                                tenants);
}

void Provisioner::export_tenants() const {
  if (const auto written = write_tenants(); !written.has_value()) {
    parts_.log->write(EventId::kRelayExportFailed,
                      {{.key = "error", .value = written.error().message}});
  }
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/provisioning/provisioner.h"

#include "directory/accounts/secrets.h"
#include "directory/clock.h"
#include "directory/exchange/apply.h"
#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/exchange_objects.h"
#include "directory/exchange/plan.h"
#include "directory/exchange/powershell_script.h"
#include "directory/graph/guid.h"
#include "directory/private_file.h"
#include "directory/provisioning/connector_control.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/store/provisioning_records.h"
#include "directory/store/records.h"
#include "directory/store/secret_files.h"
#include "directory/sync/sync_control.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

namespace asio = boost::asio;
using policy::ErrorCode;
using policy::EventId;
using policy::Result;

constexpr std::string_view kJobKind = "connectors";

ExchangeMarks marks_of(const ProvisioningRecord& record) {
  return {.inbound = record.inbound_id,
          .outbound = record.outbound_id,
          .bypass = record.bypass_id,
          .tenant_mark = record.tenant_mark_id};
}

ProvisioningStage stage_of(const ProvisioningRecord& record) {
  return {.is_inbound_enabled = record.is_inbound_enabled,
          .is_locked = record.is_locked,
          .is_outbound_enabled = record.is_outbound_enabled};
}

std::vector<std::string> others_inbound(const ExchangeInventory& inventory,
                                        const std::vector<DesiredObject>& desired) {
  std::vector<std::string> names;
  for (const ExchangeObject& object : inventory.objects) {
    const bool is_ours = std::ranges::any_of(desired, [&](const DesiredObject& each) {
      return each.mark == mark_of(marked_id(object.comment));
    });
    if (object.kind == ExchangeKind::kInboundConnector && !is_ours) {
      names.push_back(object.name);
    }
  }
  return names;
}

void add_provisioned(const OrganizationSettings& organization, std::vector<DirectoryKey>& keys) {
  for (const DirectorySettings& directory : organization.directories) {
    if (has_feature(directory, Feature::kProvision)) {
      keys.push_back({.organization = organization.name, .directory = directory.name});
    }
  }
}

// The directories whose tenants are provisioned.
std::vector<DirectoryKey> provisioned(const std::vector<OrganizationSettings>& organizations) {
  std::vector<DirectoryKey> keys;
  for (const OrganizationSettings& organization : organizations) {
    add_provisioned(organization, keys);
  }
  return keys;
}

}  // namespace

Provisioner::Provisioner(Executor executor, Parts parts)
    : executor_(std::move(executor)), parts_(std::move(parts)) {}

void Provisioner::log_failure(const policy::Error& error) const {
  parts_.log->write(EventId::kInternalError, {{.key = "error", .value = error.message}});
}

Result<std::vector<ConnectorStanding>> Provisioner::standings() const {
  std::vector<ConnectorStanding> standings;
  std::vector<DirectoryKey> keys = provisioned(parts_.control->organizations());
  standings.reserve(keys.size());
  for (DirectoryKey& key : keys) {
    auto record = read_provisioning(*parts_.database, key);
    if (!record.has_value()) {
      return std::unexpected{std::move(record).error()};
    }
    standings.push_back({.key = std::move(key), .record = *std::move(record)});
  }
  return standings;
}

// The record of a directory; its ids are given and kept before anything is made with them.
Result<ProvisioningRecord> Provisioner::known(const DirectoryKey& key) const {
  auto record = read_provisioning(*parts_.database, key);
  if (!record.has_value() || !record->inbound_id.empty()) {
    return record;
  }
  record->inbound_id = random_guid();
  record->outbound_id = random_guid();
  record->bypass_id = random_guid();
  record->tenant_mark_id = random_guid();
  auto written = write_provisioning(*parts_.database, key, *record, {}, {});
  return written.has_value() ? record : std::unexpected{std::move(written).error()};
}

std::filesystem::path Provisioner::secret_file(const ProvisioningRecord& record) const {
  return parts_.settings->state / "secrets" / ("tenant-mark-" + record.tenant_mark_id);
}

// The secret that marks the tenant's mail, made when it is needed first.
Result<std::string> Provisioner::secret_of(const ProvisioningRecord& record) const {
  const std::filesystem::path file = secret_file(record);
  if (!record.is_outbound_enabled && !std::filesystem::exists(file)) {
    return std::string{};
  }
  if (!std::filesystem::exists(file)) {
    if (auto written = write_secret_file(file, random_secret() + "\n"); !written.has_value()) {
      return std::unexpected{std::move(written).error()};
    }
  }
  return read_secret(file);
}

Result<DesiredInput> Provisioner::desired_input(const DirectoryKey& key,
                                                const ProvisioningRecord& record) const {
  const auto* organization = find_organization(parts_.control->organizations(), key.organization);
  if (organization == nullptr) {
    return policy::fail(ErrorCode::kNotFound, "there is no organization " + key.organization);
  }
  auto secret = secret_of(record);
  if (!secret.has_value()) {
    return std::unexpected{std::move(secret).error()};
  }
  return DesiredInput{.settings = organization->exchange,
                      .gateway_addresses = parts_.settings->gateway_addresses,
                      .gateway_hostname = parts_.settings->gateway_hostname,
                      .stage = stage_of(record),
                      .marks = marks_of(record),
                      .tenant_secret = *std::move(secret)};
}

Result<Provisioner::Site> Provisioner::open(const DirectoryKey& key) {
  const auto* organization = find_organization(parts_.control->organizations(), key.organization);
  const auto* directory =
      organization == nullptr ? nullptr : find_directory(*organization, key.directory);
  if (directory == nullptr || !has_feature(*directory, Feature::kProvision)) {
    return policy::fail(
        ErrorCode::kInvalidInput,
        fmt::format("{} is not used for connectors; add provision to its features", name_of(key)));
  }
  auto tenant = parts_.tenant_of(key);
  if (!tenant.has_value()) {
    return std::unexpected{std::move(tenant).error()};
  }
  auto record = known(key);
  if (!record.has_value()) {
    return std::unexpected{std::move(record).error()};
  }
  auto input = desired_input(key, *record);
  if (!input.has_value()) {
    return std::unexpected{std::move(input).error()};
  }
  return Site{.key = key,
              .tenant = *std::move(tenant),
              .record = *std::move(record),
              .input = *std::move(input)};
}

Task<Result<PlanReport>> Provisioner::compare(const Site& site) const {
  auto desired = desired_objects(site.input);
  const auto ranges = inbound_ranges(site.input);
  if (!desired.has_value() || !ranges.has_value()) {
    co_return std::unexpected{desired.has_value() ? ranges.error() : desired.error()};
  }
  const auto inventory = co_await read_inventory(site.tenant->exchange());
  if (!inventory.has_value()) {
    co_return std::unexpected{to_error(inventory.error())};
  }
  PlanReport report;
  report.inbound_connectors = others_inbound(*inventory, *desired);
  auto warnings = find_hazards(*inventory, *desired, *ranges);
  report.plan = make_plan(*std::move(desired), *inventory);
  report.plan.warnings = std::move(warnings);
  co_return report;
}

Task<Result<PlanReport>> Provisioner::bring(const Site& site,
                                            std::vector<DesiredObject> desired,
                                            ApplySettings settings) const {
  auto applied = co_await apply(site.tenant->exchange(), std::move(desired), std::move(settings));
  if (!applied.has_value()) {
    co_return std::unexpected{to_error(std::move(applied).error())};
  }
  for (const PlannedObject& each : applied->objects) {
    parts_.log->write(EventId::kExchangeChanged,
                      {{.key = "organization", .value = site.key.organization},
                       {.key = "directory", .value = site.key.directory},
                       {.key = "object", .value = each.desired.name},
                       {.key = "identity", .value = each.identity}});
  }
  PlanReport report;
  report.plan = *std::move(applied);
  co_return report;
}

Task<Result<PlanReport>> Provisioner::plan(DirectoryKey key) {
  const auto site = open(key);
  if (!site.has_value()) {
    co_return std::unexpected{site.error()};
  }
  co_return co_await compare(*site);
}

Result<std::uint64_t> Provisioner::begin(const DirectoryKey& key) const {
  return parts_.jobs->begin(
      {.kind = std::string{kJobKind}, .subject = name_of(key), .organization = key.organization},
      now_in_seconds());
}

Result<std::uint64_t> Provisioner::start_apply(DirectoryKey key, std::string plan, Actor actor) {
  auto site = open(key);
  if (!site.has_value()) {
    return std::unexpected{std::move(site).error()};
  }
  const auto job = begin(key);
  if (!job.has_value()) {
    return job;
  }
  const auto report = [this, number = *job](const std::exception_ptr& thrown) {
    if (thrown == nullptr) {
      return;
    }
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& exception) {
      parts_.log->write(EventId::kInternalError, {{.key = "error", .value = exception.what()}});
      parts_.jobs->end(
          number, policy::fail(ErrorCode::kUnavailable, exception.what()), now_in_seconds());
    }
  };
  asio::co_spawn(
      executor_, run_apply(*std::move(site), std::move(plan), std::move(actor), *job), report);
  return job;
}

Task<void> Provisioner::run_apply(Site site, std::string plan, Actor actor, std::uint64_t job) {
  co_await asio::post(executor_, asio::use_awaitable);
  Result<std::string> outcome = std::string{"everything is as planned"};
  auto desired = desired_objects(site.input);
  if (desired.has_value()) {
    ApplySettings settings = parts_.apply;
    settings.expected_plan = std::move(plan);
    settings.progress = [this, job](const std::string& what, std::size_t done, std::size_t total) {
      parts_.jobs->progress(job, done, total, what);
    };
    const auto applied = co_await bring(site, *std::move(desired), std::move(settings));
    if (applied.has_value()) {
      site.record.is_applied = true;
      site.record.applied = now_in_seconds();
      site.record.verified = site.record.applied;
      site.record.drift.clear();
      const auto written =
          write_provisioning(*parts_.database, site.key, site.record, "connectors.apply", actor);
      outcome = written.has_value() ? outcome : std::unexpected{written.error()};
      const auto resolved = parts_.records->resolve_connector_notifications(site.key);
      outcome = resolved.has_value() ? outcome : std::unexpected{resolved.error()};
    } else {
      outcome = std::unexpected{applied.error()};
    }
  } else {
    outcome = std::unexpected{desired.error()};
  }
  parts_.jobs->end(job, outcome, now_in_seconds());
}

Task<Result<std::string>> Provisioner::script(DirectoryKey key) {
  const auto opened = open(key);
  if (!opened.has_value()) {
    co_return std::unexpected{opened.error()};
  }
  auto desired = desired_objects(opened->input);
  if (!desired.has_value()) {
    co_return std::unexpected{std::move(desired).error()};
  }
  std::string tenant = opened->tenant->application().tenant;
  std::string script = co_await powershell_script(std::move(tenant), *std::move(desired));
  co_return script;
}

}  // namespace directory

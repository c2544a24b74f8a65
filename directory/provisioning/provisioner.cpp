// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/provisioning/provisioner.h"

#include "directory/accounts/secrets.h"
#include "directory/clock.h"
#include "directory/dns/mail_dns.h"
#include "directory/exchange/apply.h"
#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/exchange_objects.h"
#include "directory/exchange/plan.h"
#include "directory/exchange/powershell_script.h"
#include "directory/graph/guid.h"
#include "directory/mail_check/domain_watch.h"
#include "directory/private_file.h"
#include "directory/provisioning/connector_control.h"
#include "directory/relay/outbound_tenants.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/store/mx_sightings.h"
#include "directory/store/provisioning_records.h"
#include "directory/store/records.h"
#include "directory/store/secret_files.h"
#include "directory/sync/sync_control.h"
#include "directory/sync/tenant.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <expected>
#include <filesystem>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
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

constexpr std::int64_t kVerifyEvery = std::chrono::seconds{std::chrono::hours{24}}.count();
constexpr std::string_view kJobKind = "connectors";

// What is carried out at one time or another. Reading alone is not enough to provision.
constexpr std::array<std::string_view, 16> kNeededCmdlets{"Get-AcceptedDomain",
                                                          "Get-OrganizationConfig",
                                                          "Get-InboundConnector",
                                                          "New-InboundConnector",
                                                          "Set-InboundConnector",
                                                          "Remove-InboundConnector",
                                                          "Get-OutboundConnector",
                                                          "New-OutboundConnector",
                                                          "Set-OutboundConnector",
                                                          "Remove-OutboundConnector",
                                                          "Get-TransportRule",
                                                          "New-TransportRule",
                                                          "Set-TransportRule",
                                                          "Enable-TransportRule",
                                                          "Disable-TransportRule",
                                                          "Remove-TransportRule"};

std::string name_of(const DirectoryKey& key) {
  return key.organization + "/" + key.directory;
}

const OrganizationSettings* find_organization(const std::vector<OrganizationSettings>& all,
                                              const std::string& name) {
  const auto found = std::ranges::find(all, name, &OrganizationSettings::name);
  return found == all.end() ? nullptr : &*found;
}

bool is_provisioning(const DirectorySettings& directory) {
  const auto* source = std::get_if<Office365Source>(&directory.source);
  return source != nullptr && source->features.contains(Feature::kProvision);
}

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

// Whether the step makes less of what rejects or reroutes mail. It is wanted even if it fails half
// way; a step of the other kind only once it is proven.
bool is_easing(ConnectorStep step) {
  return step == ConnectorStep::kUnlock || step == ConnectorStep::kDisableOutbound;
}

std::string time_text(std::int64_t time) {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(time));
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

// What is not as it should be, in one sentence; empty if nothing.
std::string drift_of(const ExchangePlan& plan) {
  std::vector<std::string> parts;
  for (const PlannedObject& each : plan.objects) {
    std::vector<std::string> properties;
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

std::string unmet(const std::vector<Requirement>& requirements) {
  std::vector<std::string> texts;
  for (const Requirement& each : requirements) {
    if (!each.is_met) {
      texts.push_back(each.text);
    }
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::string hosts_of(const MxSighting& sighting) {
  std::vector<std::string> hosts;
  for (const MxHost& each : sighting.hosts) {
    hosts.push_back(each.host.empty() ? "." : each.host);
  }
  return hosts.empty() ? "no MX record" : fmt::format("{}", fmt::join(hosts, ", "));
}

Requirement judge_mx(const MxSighting& sighting, const std::string& gateway, std::int64_t now) {
  Requirement requirement;
  requirement.what = "mx";
  requirement.subject = sighting.domain;
  if (sighting.standing != MxStanding::kOurs) {
    requirement.text = fmt::format(
        "the MX of {} is {}; let every MX record of it name {}",
        sighting.domain,
        hosts_of(sighting),
        gateway.empty() ? "the gateway (gateway_addresses in directory.yaml)" : gateway);
  } else if (sighting.ready_at() > now) {
    requirement.text = fmt::format(
        "the MX of {} points to the gateway since {}, and others may "
        "remember the former one until {}",
        sighting.domain,
        time_text(sighting.ours_since),
        time_text(sighting.ready_at()));
  } else {
    requirement.is_met = true;
    requirement.text = fmt::format("the MX of {} points to the gateway", sighting.domain);
  }
  return requirement;
}

Requirement judge_spf(const std::string& domain, const SpfCheck& check) {
  Requirement requirement;
  requirement.what = "spf";
  requirement.subject = domain + " " + check.address;
  requirement.is_met = check.answer.result == SpfResult::kPass;
  requirement.text = requirement.is_met
                         ? fmt::format("SPF of {} passes for {}", domain, check.address)
                         : fmt::format("SPF of {} does not pass for {} ({}); add {} to its record",
                                       domain,
                                       check.address,
                                       check.answer.explanation,
                                       check.network->term);
  return requirement;
}

}  // namespace

std::string_view word_of(ConnectorStep step) {
  switch (step) {
    case ConnectorStep::kEnableInbound: return "enable-inbound";
    case ConnectorStep::kLock: return "lock";
    case ConnectorStep::kUnlock: return "unlock";
    case ConnectorStep::kEnableOutbound: return "enable-outbound";
    case ConnectorStep::kDisableOutbound: return "disable-outbound";
  }
  return {};
}

Provisioner::Provisioner(const Executor& executor, Parts parts)
    : executor_(executor), parts_(std::move(parts)) {}

void Provisioner::log_failure(const policy::Error& error) const {
  parts_.log->write(EventId::kInternalError, {{.key = "error", .value = error.message}});
}

Result<std::vector<ConnectorStanding>> Provisioner::standings() const {
  std::vector<ConnectorStanding> standings;
  for (const OrganizationSettings& organization : parts_.control->organizations()) {
    for (const DirectorySettings& directory : organization.directories) {
      if (!is_provisioning(directory)) {
        continue;
      }
      DirectoryKey key{.organization = organization.name, .directory = directory.name};
      auto record = read_provisioning(*parts_.database, key);
      if (!record.has_value()) {
        return std::unexpected{std::move(record).error()};
      }
      standings.push_back({.key = std::move(key), .record = *std::move(record)});
    }
  }
  return standings;
}

// The record of a directory; its ids are given and kept before anything is made with them.
Result<ProvisioningRecord> Provisioner::known(const DirectoryKey& key) {
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
  const auto is_named = [&](const DirectorySettings& each) { return each.name == key.directory; };
  const bool is_on = organization != nullptr &&
                     std::ranges::any_of(organization->directories, [&](const auto& each) {
                       return is_named(each) && is_provisioning(each);
                     });
  if (!is_on) {
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
  const Site kept = *site;
  co_return co_await compare(kept);
}

Result<std::uint64_t> Provisioner::begin(const DirectoryKey& key) {
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

std::vector<std::string> Provisioner::enabled_domains(const DirectoryKey& key) const {
  std::vector<std::string> names;
  const auto domains = parts_.records->domains();
  for (const ImportedDomain& each : domains.value_or(std::vector<ImportedDomain>{})) {
    if (each.source.organization == key.organization && each.is_relay_enabled && !each.is_gone) {
      names.push_back(each.domain);
    }
  }
  return names;
}

Task<std::vector<Requirement>> Provisioner::mx_requirements(DirectoryKey key) const {
  std::vector<Requirement> requirements;
  const std::string gateway = parts_.settings->gateway_hostname;
  for (const std::string& domain : enabled_domains(key)) {
    const std::int64_t now = now_in_seconds();
    const auto sighting = co_await parts_.watch->look(domain, now);
    if (sighting.has_value()) {
      requirements.push_back(judge_mx(*sighting, gateway, now));
    } else {
      requirements.push_back(
          {.what = "mx",
           .subject = domain,
           .is_met = false,
           .text = fmt::format(
               "DNS does not tell the MX of {}: {}", domain, sighting.error().message)});
    }
  }
  co_return requirements;
}

Task<std::vector<Requirement>> Provisioner::spf_requirements(DirectoryKey key) const {
  std::vector<Requirement> requirements;
  for (const std::string& domain : enabled_domains(key)) {
    const std::vector<SpfCheck> checks = co_await parts_.watch->check_spf(domain);
    for (const SpfCheck& check : checks) {
      requirements.push_back(judge_spf(domain, check));
    }
  }
  co_return requirements;
}

Task<Result<std::vector<Requirement>>> Provisioner::requirements(DirectoryKey key,
                                                                 ConnectorStep step) {
  const auto site = open(key);
  if (!site.has_value()) {
    co_return std::unexpected{site.error()};
  }
  std::vector<Requirement> requirements;
  const bool is_applied = site->record.is_applied;
  requirements.push_back({.what = "applied",
                          .subject = {},
                          .is_met = is_applied,
                          .text = is_applied ? "the connectors are there"
                                             : "the connectors are not there yet; apply a plan"});
  if (is_easing(step)) {
    co_return requirements;
  }
  const bool has_domains = !enabled_domains(key).empty();
  requirements.push_back(
      {.what = "domains",
       .subject = {},
       .is_met = has_domains,
       .text = has_domains ? "a domain is enabled" : "no domain is enabled; enable one first"});
  if (step == ConnectorStep::kEnableOutbound) {
    const bool has_export = parts_.settings->relay_export.has_value();
    requirements.push_back(
        {.what = "relay_export",
         .subject = {},
         .is_met = has_export,
         .text = has_export ? "the gateway is told the tenant's secret"
                            : "directory.yaml has no relay_export, in whose directory the gateway "
                              "finds the tenants it relays for; add it"});
    auto checks = co_await spf_requirements(key);
    std::ranges::move(checks, std::back_inserter(requirements));
    co_return requirements;
  }
  auto checks = co_await mx_requirements(key);
  // One domain that comes through the gateway is reason enough to switch the connector on.
  const bool is_any_met =
      std::ranges::any_of(checks, [](const Requirement& each) { return each.is_met; });
  if (step == ConnectorStep::kEnableInbound && is_any_met) {
    std::erase_if(checks, [](const Requirement& each) { return !each.is_met; });
  }
  std::ranges::move(checks, std::back_inserter(requirements));
  co_return requirements;
}

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
  const Site kept = *site;
  if (!kept.record.is_applied) {
    co_return policy::fail(ErrorCode::kConflict,
                           name_of(key) + " has no connectors of ours yet; apply a plan first");
  }
  auto report = co_await compare(kept);
  if (report.has_value()) {
    note(key, kept.record, *report);
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
    if (!each.record.is_applied || now - each.record.verified < kVerifyEvery) {
      continue;
    }
    const auto verified = co_await verify(each.key);
    if (!verified.has_value()) {
      log_failure(verified.error());
    }
  }
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

Task<Result<std::vector<Requirement>>> Provisioner::preflight(DirectoryKey key) {
  const auto opened = open(key);
  if (!opened.has_value()) {
    co_return std::unexpected{opened.error()};
  }
  const Site site = *opened;
  const auto allowed = co_await site.tenant->exchange().allowed_cmdlets();
  if (!allowed.has_value()) {
    co_return std::unexpected{to_error(allowed.error())};
  }
  std::vector<Requirement> requirements;
  for (const std::string_view cmdlet : kNeededCmdlets) {
    const bool is_allowed = allowed->contains(std::string{cmdlet});
    requirements.push_back(
        {.what = "cmdlet",
         .subject = std::string{cmdlet},
         .is_met = is_allowed,
         .text = is_allowed
                     ? fmt::format("{} is allowed", cmdlet)
                     : fmt::format("no role of the application allows {}; give it Exchange "
                                   "Administrator, or a role group with 'Remote and Accepted "
                                   "Domains', 'Transport Rules' and 'View-Only "
                                   "Configuration'",
                                   cmdlet)});
  }
  co_return requirements;
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

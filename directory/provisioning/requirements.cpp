// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/clock.h"
#include "directory/dns/mail_dns.h"
#include "directory/exchange/cmdlet.h"
#include "directory/mail_check/domain_watch.h"
#include "directory/mail_check/gateway_identity.h"
#include "directory/provisioning/connector_control.h"
#include "directory/provisioning/provisioner.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/store/mx_sightings.h"
#include "directory/store/provisioning_records.h"
#include "directory/store/records.h"
#include "directory/sync/sync_control.h"
#include "directory/task.h"
#include "policy/result.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <expected>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace directory {
namespace {

using policy::Result;

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

std::string time_text(std::int64_t time) {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(time));
}

std::string hosts_of(const MxSighting& sighting) {
  std::vector<std::string> hosts;
  hosts.reserve(sighting.hosts.size());
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

// Addresses that the gateway sends the tenant's mail from.
std::vector<SampledNetwork> Provisioner::outbound_samples(const DirectoryKey& key) const {
  const auto* organization = find_organization(parts_.control->organizations(), key.organization);
  if (organization == nullptr || organization->exchange.outbound_addresses.empty()) {
    return parts_.watch->gateway().samples;
  }
  std::vector<SampledNetwork> samples;
  samples.reserve(organization->exchange.outbound_addresses.size());
  for (const std::string& network : organization->exchange.outbound_addresses) {
    samples.push_back(sample_network(network));
  }
  return samples;
}

Task<std::vector<Requirement>> Provisioner::spf_requirements(DirectoryKey key) const {
  std::vector<Requirement> requirements;
  const std::vector<SampledNetwork> samples = outbound_samples(key);
  for (const std::string& domain : enabled_domains(key)) {
    const std::vector<SpfCheck> checks = co_await parts_.watch->check_spf_of(domain, samples);
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
    if (checks.empty() && has_domains) {
      checks.push_back({.what = "spf",
                        .subject = {},
                        .is_met = false,
                        .text =
                            "directory.yaml does not say what addresses the gateway sends from; "
                            "name them in gateway_addresses"});
    }
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

Task<Result<std::vector<Requirement>>> Provisioner::preflight(DirectoryKey key) {
  const auto opened = open(key);
  if (!opened.has_value()) {
    co_return std::unexpected{opened.error()};
  }
  const auto allowed = co_await opened->tenant->exchange().allowed_cmdlets();
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

}  // namespace directory

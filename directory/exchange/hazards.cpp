// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/desired_state.h"
#include "directory/exchange/exchange_objects.h"
#include "directory/exchange/plan.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

bool names_any(const ExchangeObject& object,
               std::string_view property,
               const std::vector<std::string>& ranges) {
  return std::ranges::any_of(list_of(object, property), [&](const std::string& each) {
    return std::ranges::find(ranges, each) != ranges.end();
  });
}

bool is_for_all(const ExchangeObject& object, std::string_view property) {
  const std::vector<std::string> domains = list_of(object, property);
  return std::ranges::find(domains, "*") != domains.end();
}

bool is_locking(const ExchangeObject& object) {
  return is_true(object, "Enabled") && is_for_all(object, "SenderDomains") &&
         (is_true(object, "RestrictDomainsToIPAddresses") ||
          is_true(object, "RestrictDomainsToCertificate"));
}

void check_inbound(const ExchangeObject& object,
                   const std::vector<std::string>& ranges,
                   std::vector<PlanWarning>& warnings) {
  if (is_locking(object)) {
    warnings.push_back(
        {.what = "other_lock",
         .text = fmt::format("the inbound connector '{}' rejects mail from everywhere but its own "
                             "addresses; whether Exchange then takes mail from the gateway is not "
                             "known, so remove its restriction first",
                             object.name)});
  }
  const bool is_internal = text_of(object, "ConnectorType") == "onpremises";
  if (is_internal && is_true(object, "Enabled") && names_any(object, "SenderIPAddresses", ranges)) {
    warnings.push_back({.what = "on_premises_connector",
                        .text = fmt::format(
                            "the OnPremises connector '{}' names the gateway's addresses: Exchange "
                            "takes its mail for the tenant's own and sends it out again, in a "
                            "loop; take the addresses out of it",
                            object.name)});
  }
}

void check_outbound(const ExchangeObject& object, std::vector<PlanWarning>& warnings) {
  if (is_true(object, "Enabled") && is_for_all(object, "RecipientDomains") &&
      !is_true(object, "IsTransportRuleScoped")) {
    warnings.push_back(
        {.what = "other_outbound",
         .text = fmt::format("the outbound connector '{}' takes all mail already; which of two "
                             "Exchange chooses is not known, so disable it before the gateway's is "
                             "enabled",
                             object.name)});
  }
}

void check_rule(const ExchangeObject& object,
                const std::vector<std::string>& ranges,
                std::vector<PlanWarning>& warnings) {
  if (is_true(object, "Enabled") && text_of(object, "SetSCL") == "-1" &&
      names_any(object, "SenderIpRanges", ranges)) {
    warnings.push_back(
        {.what = "other_bypass",
         .text = fmt::format("the transport rule '{}' lets mail from the gateway pass unfiltered "
                             "too; remove it, so that one place says so",
                             object.name)});
  }
}

bool is_ours(const ExchangeObject& object, const std::vector<DesiredObject>& desired) {
  return std::ranges::any_of(desired, [&](const DesiredObject& each) {
    return each.kind == object.kind && each.mark == mark_of(marked_id(object.comment));
  });
}

bool is_locked(const std::vector<DesiredObject>& desired) {
  return std::ranges::any_of(desired, [](const DesiredObject& each) {
    return each.role == ExchangeRole::kInbound &&
           (each.properties.at("RestrictDomainsToIPAddresses").as_bool() ||
            each.properties.at("RestrictDomainsToCertificate").as_bool());
  });
}

}  // namespace

std::vector<PlanWarning> find_hazards(const ExchangeInventory& inventory,
                                      const std::vector<DesiredObject>& desired,
                                      const std::vector<std::string>& ranges) {
  std::vector<PlanWarning> warnings;
  for (const ExchangeObject& object : inventory.objects) {
    if (is_ours(object, desired)) {
      continue;
    }
    switch (object.kind) {
      case ExchangeKind::kInboundConnector: check_inbound(object, ranges, warnings); break;
      case ExchangeKind::kOutboundConnector: check_outbound(object, warnings); break;
      case ExchangeKind::kTransportRule: check_rule(object, ranges, warnings); break;
    }
  }
  for (const AcceptedDomain& domain : inventory.domains) {
    if (domain.type == "InternalRelay") {
      warnings.push_back(
          {.what = "internal_relay",
           .text = fmt::format("{} is an InternalRelay domain: mail to somebody whom Exchange does "
                               "not know goes to the domain's MX, which is the gateway, and comes "
                               "back, in a loop; make it Authoritative, or do not relay it",
                               domain.name)});
    }
  }
  if (!inventory.is_direct_send_rejected && !is_locked(desired)) {
    warnings.push_back(
        {.what = "direct_send",
         .text = "until 'connectors lock', who knows the tenant's own mail server can send to it "
                 "past the gateway, also as one of the tenant's people (Direct Send)"});
  }
  return warnings;
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/desired_state.h"

#include "directory/exchange/address_ranges.h"
#include "directory/exchange/exchange_objects.h"
#include "directory/exchange_settings.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;
using policy::Result;
using Mode = ExchangeSettings::Mode;

constexpr std::string_view kMark = "managed-by=fromguard;id=";
constexpr std::string_view kHexadecimal = "0123456789abcdefABCDEF-";

std::unexpected<policy::Error> lacks(std::string what) {
  return policy::fail(policy::ErrorCode::kInvalidInput, std::move(what));
}

json::array to_json(const std::vector<std::string>& texts) {
  json::array list;
  for (const std::string& text : texts) {
    list.emplace_back(text);
  }
  return list;
}

const std::string& smart_host_of(const DesiredInput& input) {
  return input.settings.smart_host.empty() ? input.gateway_hostname : input.settings.smart_host;
}

// A connector that is not locked names the gateway, and rejects nobody.
DesiredObject inbound_connector(const DesiredInput& input, const std::vector<std::string>& ranges) {
  const bool is_by_certificate = !input.settings.inbound_certificate.empty();
  const bool is_locked = input.stage.is_locked;
  const bool is_enhanced = input.settings.mode == Mode::kEnhanced;
  json::object properties{
      {"ConnectorType", "Partner"},
      {"SenderDomains", json::array{"*"}},
      {"RequireTls", true},
      {"SenderIPAddresses", is_by_certificate ? json::array{} : to_json(ranges)},
      {"TlsSenderCertificateName", input.settings.inbound_certificate},
      {"RestrictDomainsToIPAddresses", is_locked && !is_by_certificate},
      {"RestrictDomainsToCertificate", is_locked && is_by_certificate},
      {"EFSkipLastIP", false},
      {"EFSkipIPs", is_enhanced ? to_json(ranges) : json::array{}},
      {"Enabled", input.stage.is_inbound_enabled}};
  return {.role = ExchangeRole::kInbound,
          .kind = ExchangeKind::kInboundConnector,
          .name = "fromguard Inbound Connector",
          .mark = mark_of(input.marks.inbound),
          .properties = std::move(properties),
          .is_wanted = true};
}

DesiredObject outbound_connector(const DesiredInput& input) {
  const std::string& host = smart_host_of(input);
  json::object properties{{"ConnectorType", "Partner"},
                          {"RecipientDomains", json::array{"*"}},
                          {"UseMXRecord", false},
                          {"SmartHosts", json::array{host}},
                          {"TlsSettings", "DomainValidation"},
                          {"TlsDomain", host},
                          {"Enabled", input.stage.is_outbound_enabled}};
  return {.role = ExchangeRole::kOutbound,
          .kind = ExchangeKind::kOutboundConnector,
          .name = "fromguard Outbound Connector",
          .mark = mark_of(input.marks.outbound),
          .properties = std::move(properties),
          .is_wanted = true};
}

DesiredObject bypass_rule(const DesiredInput& input, const std::vector<std::string>& ranges) {
  json::object properties{{"SenderIpRanges", to_json(ranges)},
                          {"SetSCL", -1},
                          {"Priority", 0},
                          {"Mode", "Enforce"},
                          {"Enabled", true}};
  return {.role = ExchangeRole::kBypass,
          .kind = ExchangeKind::kTransportRule,
          .name = "Bypass Spam Filtering for fromguard",
          .mark = mark_of(input.marks.bypass),
          .properties = std::move(properties),
          .is_wanted = input.settings.mode == Mode::kBypass};
}

// Outside of its time the rule would give the secret away to every recipient.
DesiredObject tenant_rule(const DesiredInput& input) {
  json::object properties{{"SentToScope", "NotInOrganization"},
                          {"SetHeaderName", input.settings.tenant_header},
                          {"SetHeaderValue", input.tenant_secret},
                          {"Mode", "Enforce"},
                          {"Enabled", true}};
  return {.role = ExchangeRole::kTenantMark,
          .kind = ExchangeKind::kTransportRule,
          .name = "Mark Outbound Mail for fromguard",
          .mark = mark_of(input.marks.tenant_mark),
          .properties = std::move(properties),
          .is_wanted = input.stage.is_outbound_enabled};
}

}  // namespace

std::string_view word_of(ExchangeRole role) {
  switch (role) {
    case ExchangeRole::kInbound: return "inbound";
    case ExchangeRole::kOutbound: return "outbound";
    case ExchangeRole::kBypass: return "bypass";
    case ExchangeRole::kTenantMark: return "tenant_mark";
  }
  return {};
}

std::string mark_of(std::string_view id) {
  return std::string{kMark} + std::string{id};
}

std::string marked_id(std::string_view comment) {
  const auto at = comment.find(kMark);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = comment.substr(at + kMark.size());
  return std::string{rest.substr(0, rest.find_first_not_of(kHexadecimal))};
}

Result<std::vector<std::string>> inbound_ranges(const DesiredInput& input) {
  const bool is_own = !input.settings.inbound_addresses.empty();
  const auto& networks = is_own ? input.settings.inbound_addresses : input.gateway_addresses;
  if (networks.empty()) {
    return lacks(
        "directory.yaml does not say what addresses the gateway sends from; name them in "
        "gateway_addresses, or in exchange.inbound.addresses of the organization");
  }
  return connector_ranges(networks);
}

Result<std::vector<DesiredObject>> desired_objects(const DesiredInput& input) {
  const auto ranges = inbound_ranges(input);
  if (!ranges.has_value()) {
    return std::unexpected{ranges.error()};
  }
  if (smart_host_of(input).empty()) {
    return lacks(
        "directory.yaml does not say where Exchange sends mail to; name the gateway in "
        "gateway_hostname, or in exchange.outbound.smart_host of the organization");
  }
  return std::vector<DesiredObject>{inbound_connector(input, *ranges),
                                    bypass_rule(input, *ranges),
                                    tenant_rule(input),
                                    outbound_connector(input)};
}

}  // namespace directory

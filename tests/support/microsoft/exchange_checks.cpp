// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/exchange_checks.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/exchange_error.h"
#include "tests/support/microsoft/exchange_objects.h"
#include "tests/support/microsoft/exchange_values.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <expected>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace tests::microsoft {
namespace {

using Checked = std::expected<void, ExchangeError>;

Checked refuse(std::string text) {
  return std::unexpected{validation_error(std::move(text))};
}

bool is_true(const json::object& properties, std::string_view name) {
  const json::value* value = properties.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

bool is_list(const json::object& properties, std::string_view name) {
  const json::value* value = properties.if_contains(name);
  return value != nullptr && value->is_array() && !value->get_array().empty();
}

bool has_text(const json::object& properties, std::string_view name) {
  return !text_of(properties, name).empty();
}

Checked check_each(const json::object& properties,
                   std::string_view name,
                   bool (*is_good)(std::string_view)) {
  const json::value* values = properties.if_contains(name);
  if (values == nullptr || !values->is_array()) {
    return {};
  }
  for (const json::value& value : values->get_array()) {
    const std::string_view text{value.get_string().data(), value.get_string().size()};
    if (!is_good(text)) {
      return refuse(fmt::format("{} cannot have the value '{}'.", name, text));
    }
  }
  return {};
}

// Only connectors of this type may be told to do these things.
Checked check_flags_of_type(const ExchangeDraft& draft,
                            std::string_view type,
                            std::initializer_list<std::string_view> flags) {
  for (const std::string_view flag : flags) {
    if (is_true(*draft.given, flag) && text_of(*draft.properties, "ConnectorType") != type) {
      return refuse(fmt::format("{} is for connectors of the type {}.", flag, type));
    }
  }
  return {};
}

bool is_smart_host(std::string_view text) {
  return is_host_name(text) || (is_address_range(text) && text.find('-') == std::string_view::npos);
}

// What needs something else to be there.
Checked check_needs(const json::object& properties) {
  if (is_true(properties, "RestrictDomainsToIPAddresses") &&
      !is_list(properties, "SenderIPAddresses")) {
    return refuse("RestrictDomainsToIPAddresses needs SenderIPAddresses.");
  }
  if (is_true(properties, "RestrictDomainsToCertificate") &&
      !has_text(properties, "TlsSenderCertificateName")) {
    return refuse("RestrictDomainsToCertificate needs TlsSenderCertificateName.");
  }
  return {};
}

Checked check_inbound(const ExchangeDraft& draft) {
  const json::object& properties = *draft.properties;
  if (!is_list(properties, "SenderDomains")) {
    return refuse("SenderDomains must not be empty.");
  }
  const std::string_view certificate = text_of(properties, "TlsSenderCertificateName");
  if (certificate == "*" || (!certificate.empty() && !is_domain_pattern(certificate))) {
    return refuse("TlsSenderCertificateName is no domain.");
  }
  for (const Checked& checked :
       {check_each(properties, "SenderDomains", is_domain_pattern),
        check_each(properties, "SenderIPAddresses", is_connector_range),
        check_each(properties, "EFSkipIPs", is_address_range),
        check_flags_of_type(
            draft,
            "Partner",
            {"RequireTls", "RestrictDomainsToIPAddresses", "RestrictDomainsToCertificate"}),
        check_flags_of_type(
            draft, "OnPremises", {"CloudServicesMailEnabled", "TreatMessagesAsInternal"}),
        check_needs(properties)}) {
    if (!checked.has_value()) {
      return checked;
    }
  }
  return {};
}

Checked check_tls(const json::object& properties) {
  const bool validates_domain = text_of(properties, "TlsSettings") == "DomainValidation";
  if (has_text(properties, "TlsDomain") != validates_domain) {
    return refuse("TlsDomain and the TlsSettings DomainValidation need each other.");
  }
  const std::string_view domain = text_of(properties, "TlsDomain");
  if (domain == "*" || (!domain.empty() && !is_domain_pattern(domain))) {
    return refuse("TlsDomain is no domain.");
  }
  return {};
}

Checked check_route(const json::object& properties) {
  if (is_true(properties, "UseMXRecord") == is_list(properties, "SmartHosts")) {
    return refuse("Either UseMXRecord is true or there are SmartHosts.");
  }
  if (!is_list(properties, "RecipientDomains") && !is_true(properties, "IsTransportRuleScoped") &&
      !is_true(properties, "AllAcceptedDomains")) {
    return refuse("RecipientDomains must not be empty, unless rules choose the connector.");
  }
  return {};
}

Checked check_outbound(const ExchangeDraft& draft) {
  const json::object& properties = *draft.properties;
  for (const Checked& checked : {check_each(properties, "RecipientDomains", is_domain_pattern),
                                 check_each(properties, "SmartHosts", is_smart_host),
                                 check_flags_of_type(draft,
                                                     "OnPremises",
                                                     {"RouteAllMessagesViaOnPremises",
                                                      "AllAcceptedDomains",
                                                      "SenderRewritingEnabled",
                                                      "CloudServicesMailEnabled"}),
                                 check_route(properties),
                                 check_tls(properties)}) {
    if (!checked.has_value()) {
      return checked;
    }
  }
  return {};
}

Checked check_pairs(const json::object& properties) {
  if (has_text(properties, "SetHeaderName") != has_text(properties, "SetHeaderValue")) {
    return refuse("SetHeaderName and SetHeaderValue need each other.");
  }
  for (const std::string prefix : {"", "ExceptIf"}) {
    if (has_text(properties, prefix + "HeaderContainsMessageHeader") !=
        is_list(properties, prefix + "HeaderContainsWords")) {
      return refuse(prefix + "HeaderContainsMessageHeader and its words need each other.");
    }
  }
  return {};
}

// Mail can be sent to a connector that waits for rules.
Checked check_rule_route(const ExchangeObjects& objects, const json::object& properties) {
  const std::string_view name = text_of(properties, "RouteMessageOutboundConnector");
  if (name.empty()) {
    return {};
  }
  const ExchangeObject* connector = objects.find(ExchangeKind::kOutbound, name);
  if (connector == nullptr) {
    return std::unexpected{object_not_found(name)};
  }
  if (!is_true(connector->properties, "IsTransportRuleScoped")) {
    return refuse("RouteMessageOutboundConnector names a connector that is not for rules.");
  }
  return {};
}

Checked check_rule(const ExchangeObjects& objects, const ExchangeDraft& draft) {
  const json::object& properties = *draft.properties;
  const json::value* score = properties.if_contains("SetSCL");
  const bool acts = (score != nullptr && !score->is_null()) ||
                    has_text(properties, "SetHeaderName") || has_text(properties, "RemoveHeader") ||
                    has_text(properties, "RouteMessageOutboundConnector") ||
                    is_true(properties, "StopRuleProcessing");
  if (!acts) {
    return refuse("A rule has at least one action.");
  }
  for (const Checked& checked : {check_each(properties, "SenderIpRanges", is_address_range),
                                 check_each(properties, "ExceptIfSenderIpRanges", is_address_range),
                                 check_pairs(properties),
                                 check_rule_route(objects, properties)}) {
    if (!checked.has_value()) {
      return checked;
    }
  }
  return {};
}

}  // namespace

std::expected<void, ExchangeError> check_draft(const ExchangeObjects& objects,
                                               const ExchangeDraft& draft) {
  switch (draft.kind) {
    case ExchangeKind::kInbound: return check_inbound(draft);
    case ExchangeKind::kOutbound: return check_outbound(draft);
    case ExchangeKind::kRule: return check_rule(objects, draft);
    case ExchangeKind::kAcceptedDomain:
    case ExchangeKind::kOrganizationConfig: break;
  }
  return {};
}

}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/exchange_records.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/exchange_objects.h"
#include "tests/support/microsoft/tenant.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace tests::microsoft {
namespace {

constexpr std::string_view kInboundDefaults = R"({
  "Enabled": true, "ConnectorType": "Partner", "ConnectorSource": "Default", "Comment": null,
  "SenderIPAddresses": [], "SenderDomains": [], "TrustedOrganizations": [],
  "ClientHostNames": [], "AssociatedAcceptedDomains": [], "RequireTls": true,
  "RestrictDomainsToIPAddresses": false, "RestrictDomainsToCertificate": false,
  "CloudServicesMailEnabled": false, "TreatMessagesAsInternal": false,
  "TlsSenderCertificateName": null, "EFTestMode": false, "ScanAndDropRecipients": [],
  "EFSkipLastIP": false, "EFSkipIPs": [], "EFSkipMailGateway": [], "EFUsers": [],
  "AdminDisplayName": ""})";

constexpr std::string_view kOutboundDefaults = R"({
  "Enabled": true, "UseMXRecord": true, "Comment": null, "ConnectorType": "Partner",
  "ConnectorSource": "Default", "RecipientDomains": [], "SmartHosts": [], "TlsDomain": null,
  "TlsSettings": null, "IsTransportRuleScoped": false, "RouteAllMessagesViaOnPremises": false,
  "CloudServicesMailEnabled": false, "AllAcceptedDomains": false,
  "SenderRewritingEnabled": false, "TestMode": false, "MtaStsMode": "Opportunistic",
  "SmtpDaneMode": "Opportunistic", "ValidationRecipients": [], "IsValidated": false,
  "LastValidationTimestamp": null, "AdminDisplayName": ""})";

constexpr std::string_view kRuleDefaults = R"({
  "State": "Enabled", "Mode": "Enforce", "SenderIpRanges": null, "SetSCL": null,
  "StopRuleProcessing": false, "Comments": null, "RuleErrorAction": "Ignore",
  "SenderAddressLocation": "Header", "FromScope": null, "SentToScope": null,
  "HeaderContainsMessageHeader": null, "HeaderContainsWords": null,
  "ExceptIfSenderIpRanges": null, "ExceptIfHeaderContainsMessageHeader": null,
  "ExceptIfHeaderContainsWords": null, "SetHeaderName": null, "SetHeaderValue": null,
  "RemoveHeader": null, "RouteMessageOutboundConnector": null})";

constexpr std::string_view kAcceptedDomainDefaults = R"({
  "DomainType": "Authoritative", "Default": false, "InitialDomain": false,
  "MatchSubDomains": false, "OutboundOnly": false, "SendingFromDomainDisabled": false,
  "SendingToDomainDisabled": false})";

constexpr std::string_view kOrganizationDefaults = R"({
  "RejectDirectSend": false, "IsDehydrated": false, "MailTipsExternalRecipientsTipsEnabled": false,
  "AutoExpandingArchive": false, "CustomerLockboxEnabled": false})";

std::string_view defaults_of(ExchangeKind kind) {
  switch (kind) {
    case ExchangeKind::kInbound: return kInboundDefaults;
    case ExchangeKind::kOutbound: return kOutboundDefaults;
    case ExchangeKind::kRule: return kRuleDefaults;
    case ExchangeKind::kAcceptedDomain: return kAcceptedDomainDefaults;
    case ExchangeKind::kOrganizationConfig: break;
  }
  return kOrganizationDefaults;
}

bool is_set(const json::object& properties, std::string_view name) {
  const json::value* value = properties.if_contains(name);
  if (value == nullptr || value->is_null()) {
    return false;
  }
  if (value->is_array()) {
    return !value->get_array().empty();
  }
  return !value->is_bool() || value->get_bool();
}

// The classes that stand for what a rule does, null if it does nothing of the kind.
template <std::size_t Count>
json::value classes(const json::object& properties,
                    const std::array<std::pair<std::string_view, std::string_view>, Count>& known) {
  json::array names;
  for (const auto& [property, name] : known) {
    if (is_set(properties, property)) {
      names.emplace_back(fmt::format("Microsoft.Exchange.MessagingPolicies.Rules.Tasks.{}", name));
    }
  }
  return names.empty() ? json::value(nullptr) : json::value(std::move(names));
}

using Classes = std::pair<std::string_view, std::string_view>;

constexpr auto kConditions = std::to_array<Classes>({
    {"SenderIpRanges", "SenderIpRangesPredicate"},
    {"FromScope", "FromScopePredicate"},
    {"SentToScope", "SentToScopePredicate"},
    {"HeaderContainsWords", "HeaderContainsPredicate"},
});
constexpr auto kExceptions = std::to_array<Classes>({
    {"ExceptIfSenderIpRanges", "SenderIpRangesPredicate"},
    {"ExceptIfHeaderContainsWords", "HeaderContainsPredicate"},
});
constexpr auto kActions = std::to_array<Classes>({
    {"SetSCL", "SetSclAction"},
    {"SetHeaderName", "SetHeaderAction"},
    {"RemoveHeader", "RemoveHeaderAction"},
    {"RouteMessageOutboundConnector", "RouteMessageOutboundConnectorAction"},
    {"StopRuleProcessing", "StopRuleProcessingAction"},
});

// Domains read back as Exchange keeps them.
json::array as_address_spaces(const json::value& domains) {
  json::array spaces;
  for (const json::value& domain : domains.as_array()) {
    const std::string_view text{domain.as_string().data(), domain.as_string().size()};
    spaces.emplace_back(text.starts_with("smtp:") ? std::string{text}
                                                  : fmt::format("smtp:{};1", text));
  }
  return spaces;
}

}  // namespace

json::object default_properties(ExchangeKind kind) {
  return json::parse(defaults_of(kind)).as_object();
}

json::object record_of(const ExchangeObject& object) {
  json::object record = object.properties;
  const json::value* domains = record.if_contains("SenderDomains");
  if (domains != nullptr && domains->is_array()) {
    record["SenderDomains"] = as_address_spaces(*domains);
  }
  if (!record.contains("Identity")) {
    record["Identity"] = std::string{text_of(record, "Name")};
  }
  if (!object.guid.empty()) {
    record["Guid"] = object.guid;
  }
  record["IsValid"] = true;
  return record;
}

json::object rule_record_of(const ExchangeObject& rule, std::size_t priority, bool has_texts) {
  json::object record = record_of(rule);
  record["WhenChanged"] = std::string{text_of(record, "WhenChangedUTC")};
  record.erase("WhenChangedUTC");
  record.erase("WhenCreatedUTC");
  record["Priority"] = priority;
  // No int64 holds it.
  record["RuleIdentity"] =
      (std::uint64_t{1} << 63U) | std::uint64_t{std::hash<std::string>{}(rule.guid)};
  const json::value* score = record.if_contains("SetSCL");
  if (has_texts && score != nullptr && score->is_int64()) {
    record["SetSCL"] = std::to_string(score->get_int64());
  }
  record["Conditions"] = classes(rule.properties, kConditions);
  record["Exceptions"] = classes(rule.properties, kExceptions);
  record["Actions"] = classes(rule.properties, kActions);
  record["Description"] =
      "If the message:\r\n\tmeets the conditions\r\n"
      "Take the following actions:\r\n\tthose of the rule\r\n";
  return record;
}

ExchangeObject accepted_domain_of(const Domain& domain) {
  ExchangeObject object{.kind = ExchangeKind::kAcceptedDomain,
                        .guid = {},
                        .properties = default_properties(ExchangeKind::kAcceptedDomain)};
  object.properties["DomainName"] = domain.name;
  object.properties["Name"] = domain.name;
  object.properties["Default"] = domain.is_default;
  object.properties["InitialDomain"] = domain.is_initial;
  return object;
}

json::object annotated(const json::object& record) {
  json::object told;
  for (const auto& [key, value] : record) {
    const std::string_view name{key.data(), key.size()};
    if (value.is_array()) {
      told[std::string{name} + "@odata.type"] = "#Collection(String)";
    } else if (name == "Guid") {
      told["Guid@data.type"] = "System.Guid";
    }
    told[name] = value;
  }
  return told;
}

}  // namespace tests::microsoft

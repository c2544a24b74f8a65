// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/exchange_cmdlets.h"

#include "tests/support/microsoft/exchange_objects.h"
#include "tests/support/microsoft/message.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Which cmdlets there are, what they take and who may call them:
// https://learn.microsoft.com/powershell/module/exchangepowershell
namespace tests::microsoft {
namespace {

constexpr std::uint8_t bits(auto... verbs) {
  return static_cast<std::uint8_t>((... | static_cast<unsigned>(verbs)));
}

constexpr std::uint8_t kWrites = bits(Verb::kNew, Verb::kSet);
constexpr std::uint8_t kSetOnly = bits(Verb::kSet);
constexpr std::uint8_t kNewOnly = bits(Verb::kNew);
constexpr std::uint8_t kGetOnly = bits(Verb::kGet);
constexpr std::uint8_t kNamed =
    bits(Verb::kSet, Verb::kGet, Verb::kRemove, Verb::kEnable, Verb::kDisable);
constexpr std::uint8_t kAsks =
    bits(Verb::kNew, Verb::kSet, Verb::kRemove, Verb::kEnable, Verb::kDisable);

constexpr auto kConnectorTypes = std::to_array<std::string_view>({"OnPremises", "Partner"});
constexpr auto kConnectorSources =
    std::to_array<std::string_view>({"AdminUI", "Default", "HybridWizard", "Migrated"});
constexpr auto kTlsSettings = std::to_array<std::string_view>(
    {"EncryptionOnly", "CertificateValidation", "DomainValidation"});
constexpr auto kMtaStsModes = std::to_array<std::string_view>({"None", "Opportunistic"});
constexpr auto kDaneModes = std::to_array<std::string_view>({"None", "Opportunistic", "Mandatory"});
constexpr auto kRuleModes = std::to_array<std::string_view>({"Audit", "AuditAndNotify", "Enforce"});
constexpr auto kRuleStates = std::to_array<std::string_view>({"Enabled", "Disabled"});
constexpr auto kRuleErrorActions = std::to_array<std::string_view>({"Ignore", "Defer"});
constexpr auto kSenderScopes =
    std::to_array<std::string_view>({"InOrganization", "NotInOrganization"});
constexpr auto kRecipientScopes = std::to_array<std::string_view>(
    {"InOrganization", "NotInOrganization", "ExternalPartner", "ExternalNonPartner"});
constexpr auto kSenderLocations =
    std::to_array<std::string_view>({"Header", "Envelope", "HeaderOrEnvelope"});

constexpr CmdletParameter text(std::string_view name, std::uint8_t verbs, std::size_t longest = 0) {
  return {
      .name = name, .kind = ValueKind::kText, .verbs = verbs, .choices = {}, .longest = longest};
}

constexpr CmdletParameter plain(std::string_view name, ValueKind kind, std::uint8_t verbs) {
  return {.name = name, .kind = kind, .verbs = verbs, .choices = {}};
}

constexpr CmdletParameter flag(std::string_view name, std::uint8_t verbs = kWrites) {
  return plain(name, ValueKind::kFlag, verbs);
}

constexpr CmdletParameter texts(std::string_view name, std::uint8_t verbs = kWrites) {
  return plain(name, ValueKind::kTexts, verbs);
}

constexpr CmdletParameter choice(std::string_view name,
                                 std::span<const std::string_view> choices,
                                 std::uint8_t verbs = kWrites,
                                 bool is_clearable = false) {
  return {.name = name,
          .kind = ValueKind::kChoice,
          .verbs = verbs,
          .choices = choices,
          .longest = 0,
          .is_clearable = is_clearable};
}

constexpr CmdletParameter name() {
  return {.name = "Name",
          .kind = ValueKind::kText,
          .verbs = kWrites,
          .choices = {},
          .longest = 64,
          .is_clearable = false};
}

constexpr CmdletParameter identity() {
  return {.name = "Identity",
          .kind = ValueKind::kText,
          .verbs = kNamed,
          .choices = {},
          .longest = 0,
          .is_clearable = false};
}

constexpr auto kInbound = std::to_array<CmdletParameter>({
    identity(),
    name(),
    flag("Confirm", kAsks),
    plain("ResultSize", ValueKind::kMaximum, kGetOnly),
    flag("BypassValidation", kSetOnly),
    texts("AssociatedAcceptedDomains"),
    texts("ClientHostNames"),
    flag("CloudServicesMailEnabled"),
    text("Comment", kWrites),
    choice("ConnectorSource", kConnectorSources),
    choice("ConnectorType", kConnectorTypes),
    texts("EFSkipIPs"),
    flag("EFSkipLastIP"),
    texts("EFSkipMailGateway"),
    flag("EFTestMode"),
    texts("EFUsers"),
    flag("Enabled"),
    flag("RequireTls"),
    flag("RestrictDomainsToCertificate"),
    flag("RestrictDomainsToIPAddresses"),
    texts("ScanAndDropRecipients"),
    texts("SenderDomains"),
    texts("SenderIPAddresses"),
    text("TlsSenderCertificateName", kWrites),
    flag("TreatMessagesAsInternal"),
    texts("TrustedOrganizations"),
});

constexpr auto kOutbound = std::to_array<CmdletParameter>({
    identity(),
    name(),
    flag("Confirm", kAsks),
    plain("ResultSize", ValueKind::kMaximum, kGetOnly),
    flag("IncludeTestModeConnectors", kGetOnly),
    flag("BypassValidation", kSetOnly),
    flag("AllAcceptedDomains"),
    flag("CloudServicesMailEnabled"),
    text("Comment", kWrites),
    choice("ConnectorSource", kConnectorSources),
    choice("ConnectorType", kConnectorTypes),
    flag("Enabled"),
    flag("IsTransportRuleScoped", bits(Verb::kNew, Verb::kSet, Verb::kGet)),
    flag("IsValidated", kSetOnly),
    text("LastValidationTimestamp", kSetOnly),
    choice("MtaStsMode", kMtaStsModes),
    texts("RecipientDomains"),
    flag("RouteAllMessagesViaOnPremises"),
    flag("SenderRewritingEnabled"),
    texts("SmartHosts"),
    choice("SmtpDaneMode", kDaneModes),
    flag("TestMode"),
    text("TlsDomain", kWrites),
    choice("TlsSettings", kTlsSettings, kWrites, true),
    flag("UseMXRecord"),
    texts("ValidationRecipients", kSetOnly),
});

constexpr auto kRule = std::to_array<CmdletParameter>({
    identity(),
    name(),
    flag("Confirm", kAsks),
    plain("ResultSize", ValueKind::kMaximum, kGetOnly),
    choice("State", kRuleStates, kGetOnly),
    flag("ExcludeConditionActionDetails", kGetOnly),
    text("Comments", kWrites, 1024),
    flag("Enabled", kNewOnly),
    choice("Mode", kRuleModes, bits(Verb::kNew, Verb::kSet, Verb::kEnable)),
    plain("Priority", ValueKind::kNumber, kWrites),
    text("ExceptIfHeaderContainsMessageHeader", kWrites, 128),
    texts("ExceptIfHeaderContainsWords"),
    texts("ExceptIfSenderIpRanges"),
    choice("FromScope", kSenderScopes, kWrites, true),
    text("HeaderContainsMessageHeader", kWrites, 128),
    texts("HeaderContainsWords"),
    text("RemoveHeader", kWrites, 128),
    text("RouteMessageOutboundConnector", kWrites),
    choice("RuleErrorAction", kRuleErrorActions),
    choice("SenderAddressLocation", kSenderLocations),
    texts("SenderIpRanges"),
    choice("SentToScope", kRecipientScopes, kWrites, true),
    text("SetHeaderName", kWrites, 128),
    text("SetHeaderValue", kWrites, 128),
    plain("SetSCL", ValueKind::kScore, kWrites),
    flag("StopRuleProcessing"),
});

constexpr auto kAcceptedDomain = std::to_array<CmdletParameter>(
    {identity(), plain("ResultSize", ValueKind::kMaximum, kGetOnly)});

constexpr Cmdlet cmdlet(std::string_view name, Verb verb, ExchangeKind kind) {
  return {.name = name, .verb = verb, .kind = kind};
}

constexpr auto kCmdlets = std::to_array<Cmdlet>({
    cmdlet("Disable-TransportRule", Verb::kDisable, ExchangeKind::kRule),
    cmdlet("Enable-TransportRule", Verb::kEnable, ExchangeKind::kRule),
    cmdlet("Get-AcceptedDomain", Verb::kGet, ExchangeKind::kAcceptedDomain),
    cmdlet("Get-InboundConnector", Verb::kGet, ExchangeKind::kInbound),
    cmdlet("Get-OrganizationConfig", Verb::kGet, ExchangeKind::kOrganizationConfig),
    cmdlet("Get-OutboundConnector", Verb::kGet, ExchangeKind::kOutbound),
    cmdlet("Get-TransportRule", Verb::kGet, ExchangeKind::kRule),
    cmdlet("New-InboundConnector", Verb::kNew, ExchangeKind::kInbound),
    cmdlet("New-OutboundConnector", Verb::kNew, ExchangeKind::kOutbound),
    cmdlet("New-TransportRule", Verb::kNew, ExchangeKind::kRule),
    cmdlet("Remove-InboundConnector", Verb::kRemove, ExchangeKind::kInbound),
    cmdlet("Remove-OutboundConnector", Verb::kRemove, ExchangeKind::kOutbound),
    cmdlet("Remove-TransportRule", Verb::kRemove, ExchangeKind::kRule),
    cmdlet("Set-InboundConnector", Verb::kSet, ExchangeKind::kInbound),
    cmdlet("Set-OutboundConnector", Verb::kSet, ExchangeKind::kOutbound),
    cmdlet("Set-TransportRule", Verb::kSet, ExchangeKind::kRule),
});

std::span<const CmdletParameter> parameters_of(ExchangeKind kind) {
  switch (kind) {
    case ExchangeKind::kInbound: return kInbound;
    case ExchangeKind::kOutbound: return kOutbound;
    case ExchangeKind::kRule: return kRule;
    case ExchangeKind::kAcceptedDomain: return kAcceptedDomain;
    case ExchangeKind::kOrganizationConfig: break;
  }
  return {};
}

bool grants(std::string_view role, const Cmdlet& cmdlet) {
  if (role == "View-Only Configuration") {
    return cmdlet.verb == Verb::kGet;
  }
  if (role == "Remote and Accepted Domains") {
    return cmdlet.kind == ExchangeKind::kInbound || cmdlet.kind == ExchangeKind::kOutbound ||
           cmdlet.kind == ExchangeKind::kAcceptedDomain;
  }
  return role == "Transport Rules" && cmdlet.kind == ExchangeKind::kRule;
}

}  // namespace

const Cmdlet* find_cmdlet(std::string_view name) {
  const std::string wanted = lower_case(name);
  const auto* found = std::ranges::find_if(
      kCmdlets, [&](const Cmdlet& cmdlet) { return lower_case(cmdlet.name) == wanted; });
  return found == kCmdlets.end() ? nullptr : found;
}

const CmdletParameter* find_parameter(const Cmdlet& cmdlet, std::string_view name) {
  const std::string wanted = lower_case(name);
  for (const CmdletParameter& parameter : parameters_of(cmdlet.kind)) {
    if (lower_case(parameter.name) == wanted &&
        (parameter.verbs & static_cast<unsigned>(cmdlet.verb)) != 0) {
      return &parameter;
    }
  }
  return nullptr;
}

bool is_granted(const Cmdlet& cmdlet, const std::vector<std::string>& roles) {
  return std::ranges::any_of(roles, [&](const std::string& role) { return grants(role, cmdlet); });
}

std::vector<std::string> granted_cmdlets(const std::vector<std::string>& roles) {
  std::vector<std::string> names;
  for (const Cmdlet& cmdlet : kCmdlets) {
    if (is_granted(cmdlet, roles)) {
      names.emplace_back(cmdlet.name);
    }
  }
  return names;
}

}  // namespace tests::microsoft

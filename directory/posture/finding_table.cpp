// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/finding_table.h"

#include "directory/graph/posture_queries.h"
#include "directory/posture/domain_mail.h"
#include "directory/posture/finding.h"
#include "directory/posture/looks.h"
#include "directory/posture/predicates.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace directory {
namespace {

template <typename Look>
using Asks = Judgement (*)(const Look&, const TenantContext&);

using Predicate = std::variant<std::monostate,
                               Asks<PostureUser>,
                               Asks<TenantSyncTime>,
                               Asks<MailboxPurpose>,
                               Asks<AuthenticationMethods>,
                               Asks<CalendarPermissions>,
                               Asks<MessageRules>,
                               Asks<ApplicationLook>,
                               Asks<ServicePrincipalLook>,
                               Asks<DomainLook>,
                               Asks<DomainMail>>;

// One finding. Some ask two kinds of subjects.
struct Row {
  std::string_view title;
  std::string_view category;
  Severity severity;
  std::string_view advice;
  Predicate asks;
  Predicate asks_also = std::monostate{};
};

constexpr std::string_view kUsers = "User account settings";
constexpr std::string_view kSharing = "File sharing";
constexpr std::string_view kApps = "Third-party apps";
constexpr std::string_view kEmail = "Email administrator settings";
constexpr std::string_view kForwarding = "Email forwarding";

constexpr std::array<Row, 26> kRows{{
    {.title = "FIDO2 authentication method unattested",
     .category = kUsers,
     .severity = Severity::kLow,
     .advice = "Allow only security keys whose attestation is checked, and have this one "
               "registered anew.",
     .asks = &unattested_security_key},
    {.title = "Provisioning error for on-prem user",
     .category = kUsers,
     .severity = Severity::kLow,
     .advice = "Mend the property in the directory on premises; usually another object has the "
               "same value.",
     .asks = &provisioning_error},
    {.title = "Password expiration disabled for user",
     .category = kUsers,
     .severity = Severity::kLow,
     .advice = "Take DisablePasswordExpiration from the user's password policies.",
     .asks = &password_never_expires},
    {.title = "Password not changed in last 90 days",
     .category = kUsers,
     .severity = Severity::kLow,
     .advice = "Have the user change the password, or sign in without one.",
     .asks = &password_is_old},
    {.title = "Strong password disabled for user",
     .category = kUsers,
     .severity = Severity::kLow,
     .advice = "Take DisableStrongPassword from the user's password policies.",
     .asks = &password_may_be_weak},
    {.title = "Cloud sync disabled for on-prem user",
     .category = kUsers,
     .severity = Severity::kLow,
     .advice =
         "Bring the user back into the scope of the sync, or see that the account is kept here on "
         "purpose.",
     .asks = &sync_disabled},
    {.title = "Weak Windows Hello for Business key strength",
     .category = kUsers,
     .severity = Severity::kLow,
     .advice = "Have Windows Hello set up anew on the device.",
     .asks = &weak_hello_key},
    {.title = "On-prem user not synced in 7 days",
     .category = kUsers,
     .severity = Severity::kLow,
     .advice = "Look at the sync's errors, and start the sync engine if it has stopped.",
     .asks = &not_synced,
     .asks_also = &tenant_not_synced},
    {.title = "User is not a legal adult",
     .category = kUsers,
     .severity = Severity::kLow,
     .advice = "See that the account's age group and the parents' consent are right.",
     .asks = &not_legal_adult},
    {.title = "User configured proxy addresses",
     .category = kUsers,
     .severity = Severity::kLow,
     .advice = "See that the user needs the additional addresses.",
     .asks = &has_proxy_addresses},
    {.title = "User account disabled",
     .category = kUsers,
     .severity = Severity::kLow,
     .advice = "Remove the account if nobody needs it any more.",
     .asks = &account_disabled,
     .asks_also = &disabled_by_design},
    {.title = "Calendar Shared Externally",
     .category = kSharing,
     .severity = Severity::kLow,
     .advice = "Ask the owner whether the people outside still need the calendar.",
     .asks = &calendar_shared_externally},
    {.title = "App Not Certified By Microsoft",
     .category = kApps,
     .severity = Severity::kLow,
     .advice = "See what the app reaches, and whether its vendor can be trusted with that.",
     .asks = &not_certified,
     .asks_also = &certification_unknown},
    {.title = "App Not Attested By Publisher",
     .category = kApps,
     .severity = Severity::kLow,
     .advice = "Ask the publisher for the attestation of the app.",
     .asks = &not_attested,
     .asks_also = &certification_unknown},
    {.title = "App Disabled By Microsoft",
     .category = kApps,
     .severity = Severity::kLow,
     .advice = "Remove the app: Microsoft has found that it breaks the services agreement.",
     .asks = &disabled_by_microsoft,
     .asks_also = &principal_disabled_by_microsoft},
    {.title = "Microsoft Domain SPF Record Allows Any IP Address",
     .category = kEmail,
     .severity = Severity::kHigh,
     .advice = "Name the senders in the SPF record and end it with -all.",
     .asks = &spf_allows_any},
    {.title = "SPF Record Not Present",
     .category = kEmail,
     .severity = Severity::kMedium,
     .advice = "Publish an SPF record; a domain that sends no mail has v=spf1 -all.",
     .asks = &spf_absent},
    {.title = "DMARC Record Not Present",
     .category = kEmail,
     .severity = Severity::kMedium,
     .advice = "Publish a DMARC record, first with p=none and reports, then enforced.",
     .asks = &dmarc_absent},
    {.title = "DMARC Not Enforced",
     .category = kEmail,
     .severity = Severity::kMedium,
     .advice = "Once the reports show no senders of yours that fail, set p=quarantine or p=reject.",
     .asks = &dmarc_not_enforced},
    {.title = "DMARC Not Enforced for Subdomains",
     .category = kEmail,
     .severity = Severity::kMedium,
     .advice = "Take sp=none from the DMARC record, or enforce it too.",
     .asks = &dmarc_not_enforced_below},
    {.title = "DMARC Only Partially Enforced",
     .category = kEmail,
     .severity = Severity::kMedium,
     .advice = "Raise pct to 100, and take t=y away.",
     .asks = &dmarc_partly_enforced},
    {.title = "Domain Not Verified",
     .category = kEmail,
     .severity = Severity::kMedium,
     .advice = "Publish the record that verifies the domain, or remove the domain from the tenant.",
     .asks = &domain_not_verified},
    {.title = "App Certification Expires in 90 Days or Sooner",
     .category = kEmail,
     .severity = Severity::kLow,
     .advice = "Ask the publisher whether the certification will be renewed.",
     .asks = &certification_expires,
     .asks_also = &certification_unknown},
    {.title = "Active Message Rule Forwards Externally As Attachment",
     .category = kForwarding,
     .severity = Severity::kLow,
     .advice =
         "Ask the owner whether the rule is theirs; one they do not know is a sign of a break-in.",
     .asks = &forwards_as_attachment},
    {.title = "Active Message Rule Forwards Externally",
     .category = kForwarding,
     .severity = Severity::kLow,
     .advice =
         "Ask the owner whether the rule is theirs; one they do not know is a sign of a break-in.",
     .asks = &forwards},
    {.title = "Active Message Rule Redirects Externally",
     .category = kForwarding,
     .severity = Severity::kLow,
     .advice =
         "Ask the owner whether the rule is theirs; one they do not know is a sign of a break-in.",
     .asks = &redirects},
}};

// The title in lower case, with a hyphen for whatever is neither letter nor digit.
std::string id_of(std::string_view title) {
  std::string id;
  for (const char octet : title) {
    const bool is_upper = octet >= 'A' && octet <= 'Z';
    const bool is_lower = octet >= 'a' && octet <= 'z';
    const bool is_digit = octet >= '0' && octet <= '9';
    if (is_upper) {
      id += static_cast<char>(octet - 'A' + 'a');
    } else {
      id += is_lower || is_digit ? octet : '-';
    }
  }
  return id;
}

std::vector<FindingKind> make_kinds() {
  std::vector<FindingKind> kinds;
  kinds.reserve(kRows.size());
  for (const Row& row : kRows) {
    kinds.push_back({.id = id_of(row.title),
                     .title = row.title,
                     .category = row.category,
                     .severity = row.severity,
                     .advice = row.advice});
  }
  return kinds;
}

// A finding that asks for a look, with its predicate for it.
template <typename Look>
struct Asking {
  const FindingKind* kind;
  Asks<Look> asks;
};

template <typename Look>
void add_if_asking(const FindingKind& kind,
                   const Predicate& predicate,
                   std::vector<Asking<Look>>& asking) {
  if (const auto* asks = std::get_if<Asks<Look>>(&predicate); asks != nullptr) {
    asking.push_back({.kind = &kind, .asks = *asks});
  }
}

// Every finding that asks for such a look.
template <typename Look>
std::vector<Asking<Look>> find_asking() {
  const auto kinds = finding_kinds();
  std::vector<Asking<Look>> asking;
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    add_if_asking(kinds[i], kRows.at(i).asks, asking);
    add_if_asking(kinds[i], kRows.at(i).asks_also, asking);
  }
  return asking;
}

template <typename Look>
const std::vector<Asking<Look>>& asking_for() {
  static const std::vector<Asking<Look>> asking = find_asking<Look>();
  return asking;
}

}  // namespace

std::span<const FindingKind> finding_kinds() {
  static const std::vector<FindingKind> kinds = make_kinds();
  return kinds;
}

const FindingKind* find_kind(std::string_view id) {
  const auto kinds = finding_kinds();
  const auto found = std::ranges::find(kinds, id, &FindingKind::id);
  return found == kinds.end() ? nullptr : &*found;
}

template <typename Look>
std::vector<Observation> evaluate(const Look& look, const TenantContext& context) {
  std::vector<Observation> observations;
  for (const Asking<Look>& each : asking_for<Look>()) {
    observations.push_back({.kind = each.kind, .judgement = each.asks(look, context)});
  }
  return observations;
}

template <typename Look>
std::vector<Observation> not_evaluated(const std::string& reason) {
  std::vector<Observation> observations;
  for (const Asking<Look>& each : asking_for<Look>()) {
    observations.push_back({.kind = each.kind, .judgement = unknown(reason)});
  }
  return observations;
}

template std::vector<Observation> evaluate(const PostureUser& look, const TenantContext& context);
template std::vector<Observation> evaluate(const TenantSyncTime& look,
                                           const TenantContext& context);
template std::vector<Observation> evaluate(const MailboxPurpose& look,
                                           const TenantContext& context);
template std::vector<Observation> evaluate(const AuthenticationMethods& look,
                                           const TenantContext& context);
template std::vector<Observation> evaluate(const CalendarPermissions& look,
                                           const TenantContext& context);
template std::vector<Observation> evaluate(const MessageRules& look, const TenantContext& context);
template std::vector<Observation> evaluate(const ApplicationLook& look,
                                           const TenantContext& context);
template std::vector<Observation> evaluate(const ServicePrincipalLook& look,
                                           const TenantContext& context);
template std::vector<Observation> evaluate(const DomainLook& look, const TenantContext& context);
template std::vector<Observation> evaluate(const DomainMail& look, const TenantContext& context);

template std::vector<Observation> not_evaluated<PostureUser>(const std::string& reason);
template std::vector<Observation> not_evaluated<TenantSyncTime>(const std::string& reason);
template std::vector<Observation> not_evaluated<MailboxPurpose>(const std::string& reason);
template std::vector<Observation> not_evaluated<AuthenticationMethods>(const std::string& reason);
template std::vector<Observation> not_evaluated<CalendarPermissions>(const std::string& reason);
template std::vector<Observation> not_evaluated<MessageRules>(const std::string& reason);
template std::vector<Observation> not_evaluated<ApplicationLook>(const std::string& reason);
template std::vector<Observation> not_evaluated<ServicePrincipalLook>(const std::string& reason);
template std::vector<Observation> not_evaluated<DomainLook>(const std::string& reason);
template std::vector<Observation> not_evaluated<DomainMail>(const std::string& reason);

}  // namespace directory

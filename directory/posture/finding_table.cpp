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
  Predicate asks_also = {};
};

constexpr std::string_view kUsers = "User account settings";
constexpr std::string_view kSharing = "File sharing";
constexpr std::string_view kApps = "Third-party apps";
constexpr std::string_view kEmail = "Email administrator settings";
constexpr std::string_view kForwarding = "Email forwarding";

constexpr std::array<Row, 26> kRows{{
    {"FIDO2 authentication method unattested",
     kUsers,
     Severity::kLow,
     "Allow only security keys whose attestation is checked, and have this one registered anew.",
     &unattested_security_key},
    {"Provisioning error for on-prem user",
     kUsers,
     Severity::kLow,
     "Mend the property in the directory on premises; usually another object has the same value.",
     &provisioning_error},
    {"Password expiration disabled for user",
     kUsers,
     Severity::kLow,
     "Take DisablePasswordExpiration from the user's password policies, unless the tenant has none "
     "expire.",
     &password_never_expires},
    {"Password not changed in last 90 days",
     kUsers,
     Severity::kLow,
     "Have the user change the password, or sign in without one.",
     &password_is_old},
    {"Strong password disabled for user",
     kUsers,
     Severity::kLow,
     "Take DisableStrongPassword from the user's password policies.",
     &password_may_be_weak},
    {"Cloud sync disabled for on-prem user",
     kUsers,
     Severity::kLow,
     "Bring the user back into the scope of the sync, or see that the account is kept here on "
     "purpose.",
     &sync_disabled},
    {"Weak Windows Hello for Business key strength",
     kUsers,
     Severity::kLow,
     "Have Windows Hello set up anew on the device.",
     &weak_hello_key},
    {"On-prem user not synced in 7 days",
     kUsers,
     Severity::kLow,
     "Look at the sync's errors, and start the sync engine if it has stopped.",
     &not_synced,
     &tenant_not_synced},
    {"User is not a legal adult",
     kUsers,
     Severity::kLow,
     "See that the account's age group and the parents' consent are right.",
     &not_legal_adult},
    {"User configured proxy addresses",
     kUsers,
     Severity::kLow,
     "See that the user needs the additional addresses.",
     &has_proxy_addresses},
    {"User account disabled",
     kUsers,
     Severity::kLow,
     "Remove the account if nobody needs it any more.",
     &account_disabled,
     &disabled_by_design},
    {"Calendar Shared Externally",
     kSharing,
     Severity::kLow,
     "Ask the owner whether the people outside still need the calendar.",
     &calendar_shared_externally},
    {"App Not Certified By Microsoft",
     kApps,
     Severity::kLow,
     "See what the app reaches, and whether its vendor can be trusted with that.",
     &not_certified,
     &certification_unknown},
    {"App Not Attested By Publisher",
     kApps,
     Severity::kLow,
     "Ask the publisher for the attestation of the app.",
     &not_attested,
     &certification_unknown},
    {"App Disabled By Microsoft",
     kApps,
     Severity::kLow,
     "Remove the app: Microsoft has found that it breaks the services agreement.",
     &disabled_by_microsoft,
     &principal_disabled_by_microsoft},
    {"Microsoft Domain SPF Record Allows Any IP Address",
     kEmail,
     Severity::kHigh,
     "Name the senders in the SPF record and end it with -all.",
     &spf_allows_any},
    {"SPF Record Not Present",
     kEmail,
     Severity::kMedium,
     "Publish an SPF record; a domain that sends no mail has v=spf1 -all.",
     &spf_absent},
    {"DMARC Record Not Present",
     kEmail,
     Severity::kMedium,
     "Publish a DMARC record, first with p=none and reports, then enforced.",
     &dmarc_absent},
    {"DMARC Not Enforced",
     kEmail,
     Severity::kMedium,
     "Once the reports show no senders of yours that fail, set p=quarantine or p=reject.",
     &dmarc_not_enforced},
    {"DMARC Not Enforced for Subdomains",
     kEmail,
     Severity::kMedium,
     "Take sp=none from the DMARC record, or enforce it too.",
     &dmarc_not_enforced_below},
    {"DMARC Only Partially Enforced",
     kEmail,
     Severity::kMedium,
     "Raise pct to 100, and take t=y away.",
     &dmarc_partly_enforced},
    {"Domain Not Verified",
     kEmail,
     Severity::kMedium,
     "Publish the record that verifies the domain, or remove the domain from the tenant.",
     &domain_not_verified},
    {"App Certification Expires in 90 Days or Sooner",
     kEmail,
     Severity::kLow,
     "Ask the publisher whether the certification will be renewed.",
     &certification_expires,
     &certification_unknown},
    {"Active Message Rule Forwards Externally As Attachment",
     kForwarding,
     Severity::kLow,
     "Ask the owner whether the rule is theirs; one they do not know is a sign of a break-in.",
     &forwards_as_attachment},
    {"Active Message Rule Forwards Externally",
     kForwarding,
     Severity::kLow,
     "Ask the owner whether the rule is theirs; one they do not know is a sign of a break-in.",
     &forwards},
    {"Active Message Rule Redirects Externally",
     kForwarding,
     Severity::kLow,
     "Ask the owner whether the rule is theirs; one they do not know is a sign of a break-in.",
     &redirects},
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

// Calls `observe` with the kind and the predicate of every finding that asks for such a look.
template <typename Look, typename Observe>
void for_each_asking(Observe observe) {
  const auto kinds = finding_kinds();
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    for (const Predicate& predicate : {kRows.at(i).asks, kRows.at(i).asks_also}) {
      if (const auto* asks = std::get_if<Asks<Look>>(&predicate); asks != nullptr) {
        observe(kinds[i], *asks);
      }
    }
  }
}

}  // namespace

std::span<const FindingKind> finding_kinds() {
  static const std::vector<FindingKind> kKinds = make_kinds();
  return kKinds;
}

const FindingKind* find_kind(std::string_view id) {
  const auto kinds = finding_kinds();
  const auto found = std::ranges::find(kinds, id, &FindingKind::id);
  return found == kinds.end() ? nullptr : &*found;
}

template <typename Look>
std::vector<Observation> evaluate(const Look& look, const TenantContext& context) {
  std::vector<Observation> observations;
  for_each_asking<Look>([&](const FindingKind& kind, Asks<Look> asks) {
    observations.push_back({.kind = &kind, .judgement = asks(look, context)});
  });
  return observations;
}

template <typename Look>
std::vector<Observation> not_evaluated(const std::string& reason) {
  std::vector<Observation> observations;
  for_each_asking<Look>([&](const FindingKind& kind, Asks<Look>) {
    observations.push_back({.kind = &kind, .judgement = unknown(reason)});
  });
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

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/domain_mail.h"
#include "directory/posture/finding.h"
#include "directory/posture/looks.h"
#include "directory/posture/predicates.h"
#include "policy/mail_records/dmarc_record.h"

#include <string>
#include <utility>

namespace directory {
namespace {

using policy::DmarcPolicy;

std::string word_of(DmarcPolicy policy) {
  switch (policy) {
    case DmarcPolicy::kNone: return "none";
    case DmarcPolicy::kQuarantine: return "quarantine";
    case DmarcPolicy::kReject: return "reject";
  }
  return "none";
}

Judgement no_answer(const std::string& domain) {
  return unknown("DNS gives no answer for " + domain);
}

// What is asked of a record that is there; without one nothing is asked.
template <typename Ask>
Judgement ask_record(const DomainMail& mail, Ask ask) {
  switch (mail.dmarc.status) {
    case DmarcPosture::Status::kUnanswered: return no_answer("_dmarc." + mail.domain);
    case DmarcPosture::Status::kAbsent: return clean();
    case DmarcPosture::Status::kSeveral:
      return unknown("the domain has several DMARC records, which receivers ignore");
    case DmarcPosture::Status::kFound: break;
  }
  Evidence evidence = ask(mail.dmarc);
  if (evidence.empty()) {
    return clean();
  }
  evidence.push_back({.name = "record", .values = {mail.dmarc.record}});
  evidence.push_back({.name = "record_domain", .values = {mail.dmarc.record_domain}});
  return found(std::move(evidence));
}

}  // namespace

Judgement domain_not_verified(const DomainLook& look, const TenantContext& /*context*/) {
  if (look.domain.is_verified) {
    return clean();
  }
  Evidence evidence{{.name = "verified", .values = {"no"}}};
  if (!look.verification.empty()) {
    evidence.push_back({.name = "verification_record", .values = look.verification});
  }
  return found(std::move(evidence));
}

Judgement spf_allows_any(const DomainMail& mail, const TenantContext& /*context*/) {
  const SpfPosture& spf = mail.spf;
  if (spf.status == SpfPosture::Status::kUnanswered) {
    return no_answer(mail.domain);
  }
  if (spf.status == SpfPosture::Status::kAbsent) {
    return clean();
  }
  if (!spf.allows_any.has_value()) {
    return unknown(spf.reason);
  }
  if (!*spf.allows_any) {
    return clean();
  }
  return found(
      {{.name = "because", .values = {spf.reason}}, {.name = "record", .values = {spf.record}}});
}

Judgement spf_absent(const DomainMail& mail, const TenantContext& /*context*/) {
  switch (mail.spf.status) {
    case SpfPosture::Status::kUnanswered: return no_answer(mail.domain);
    case SpfPosture::Status::kAbsent:
      return found({{.name = "looked_at", .values = {"TXT of " + mail.domain}}});
    case SpfPosture::Status::kFound:
    case SpfPosture::Status::kInvalid: break;
  }
  return clean();
}

Judgement dmarc_absent(const DomainMail& mail, const TenantContext& /*context*/) {
  switch (mail.dmarc.status) {
    case DmarcPosture::Status::kUnanswered: return no_answer("_dmarc." + mail.domain);
    case DmarcPosture::Status::kAbsent:
      return found({{.name = "looked_at", .values = {"TXT of _dmarc." + mail.domain}}});
    case DmarcPosture::Status::kFound:
    case DmarcPosture::Status::kSeveral: break;
  }
  return clean();
}

Judgement dmarc_not_enforced(const DomainMail& mail, const TenantContext& /*context*/) {
  return ask_record(mail, [](const DmarcPosture& dmarc) {
    return dmarc.policy == DmarcPolicy::kNone ? Evidence{{.name = "policy", .values = {"none"}}}
                                              : Evidence{};
  });
}

// A domain that is not enforced itself has its own finding.
Judgement dmarc_not_enforced_below(const DomainMail& mail, const TenantContext& /*context*/) {
  return ask_record(mail, [](const DmarcPosture& dmarc) {
    const bool is_only_below =
        dmarc.policy != DmarcPolicy::kNone && dmarc.subdomain_policy == DmarcPolicy::kNone;
    return is_only_below ? Evidence{{.name = "policy", .values = {word_of(dmarc.policy)}},
                                    {.name = "subdomain_policy", .values = {"none"}}}
                         : Evidence{};
  });
}

Judgement dmarc_partly_enforced(const DomainMail& mail, const TenantContext& /*context*/) {
  return ask_record(mail, [](const DmarcPosture& dmarc) {
    constexpr unsigned kAll = 100;
    const bool is_partial =
        dmarc.policy != DmarcPolicy::kNone && (dmarc.percent < kAll || dmarc.is_test);
    return is_partial ? Evidence{{.name = "policy", .values = {word_of(dmarc.policy)}},
                                 {.name = "percent", .values = {std::to_string(dmarc.percent)}},
                                 {.name = "test", .values = {dmarc.is_test ? "yes" : "no"}}}
                      : Evidence{};
  });
}

}  // namespace directory

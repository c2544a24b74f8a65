// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/exemption.h"

#include "policy/mail_address.h"
#include "policy/verdict/delegated_senders.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

bool is_same_person(const Finding& one, const Finding& other) {
  return one.organization == other.organization && one.person == other.person;
}

// Configured addresses are those of everybody in the organization who bears the name.
bool is_configured(std::string_view address, const Finding& finding, const ExemptionFacts& facts) {
  const std::vector<std::string> forms = address_lookup_forms(address);
  return std::ranges::any_of(facts.findings, [&](const Finding& each) {
    return is_same_person(each, finding) &&
           std::ranges::find_first_of(each.person_addresses, forms) != each.person_addresses.end();
  });
}

bool is_delegated(const Finding& finding, const ExemptionFacts& facts) {
  const bool asks_for_foreign_replies =
      std::ranges::any_of(facts.findings, [&](const Finding& each) {
        return each.field == SenderFieldName::kReplyTo && is_same_person(each, finding);
      });
  return !asks_for_foreign_replies &&
         facts.delegated_senders.find(canonical_address(finding.address)) != nullptr;
}

bool is_from_list(const Finding& finding, const ExemptionFacts& facts) {
  const std::string address = canonical_address(finding.address);
  if (!facts.authentication.dkim_aligned ||
      std::ranges::find(facts.senders.list_domains, domain_of(address)) ==
          facts.senders.list_domains.end()) {
    return false;
  }
  const auto is_own = [&](std::string_view each) { return is_configured(each, finding, facts); };
  const auto is_own_or_of_list = [&](std::string_view each) {
    return is_own(each) || domain_of(canonical_address(each)) == domain_of(address);
  };
  const std::vector<VisibleMailbox>& replies = facts.senders.reply_to.mailboxes;
  return std::ranges::any_of(facts.senders.original_senders, is_own) ||
         (std::ranges::any_of(replies, is_own, &VisibleMailbox::address) &&
          std::ranges::all_of(replies, is_own_or_of_list, &VisibleMailbox::address));
}

bool is_self_mail(const Finding& finding, const ExemptionFacts& facts) {
  return !facts.recipients.empty() &&
         std::ranges::all_of(facts.recipients, [&](const std::string& recipient) {
           return is_configured(recipient, finding, facts);
         });
}

}  // namespace

std::string_view word(Exemption exemption) {
  switch (exemption) {
    case Exemption::kDelegatedSender: return "delegated_sender";
    case Exemption::kList: return "list";
    case Exemption::kSelfMail: return "self_mail";
  }
  return "";
}

std::optional<Exemption> exemption_of(const Finding& finding,
                                      const ExemptionFacts& facts,
                                      const ExemptionSwitches& switches) {
  if (finding.kind != FindingKind::kProtectedName || finding.field != SenderFieldName::kFrom ||
      facts.senders.from.mailboxes.size() != 1 || !facts.authentication.is_authenticated()) {
    return std::nullopt;
  }
  if (switches.delegated_senders && is_delegated(finding, facts)) {
    return Exemption::kDelegatedSender;
  }
  if (switches.lists && is_from_list(finding, facts)) {
    return Exemption::kList;
  }
  if (switches.self_mail && is_self_mail(finding, facts)) {
    return Exemption::kSelfMail;
  }
  return std::nullopt;
}

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/field_judge.h"

#include "policy/mail_address.h"
#include "policy/name/match.h"
#include "policy/name/shown_name.h"
#include "policy/name/visible_text.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/detection.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/name_search.h"
#include "policy/verdict/sender_field.h"
#include "policy/verdict/shown_address.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

std::string in_quotes(std::string_view text) {
  return '"' + visible_text(text) + '"';
}

std::string shown_address_text(std::string_view address) {
  return address.empty() ? "(no address)" : visible_text(address);
}

// For who reads an explanation.
std::string_view meaning(Match match) {
  switch (match) {
    case Match::kExact: return "the same words in the same order";
    case Match::kReordered: return "the same words in another order";
    case Match::kDecorated: return "the same name with other words around it";
    case Match::kLookalike: return "the same only as it is drawn";
    case Match::kAddress: return "it shows an address of the person";
    case Match::kNickname: return "the same but for a nickname";
    case Match::kTypo: return "the same but for one slip, middle name or surname";
    case Match::kLocalPart: return "the address spells it";
  }
  return "";
}

}  // namespace

Result<Detection> FieldJudge::judge() {
  detection_.limits = field_.limits;
  using Step = Result<void> (FieldJudge::*)();
  for (const Step step : {&FieldJudge::collect_hits,
                          &FieldJudge::collect_bare_addresses,
                          &FieldJudge::judge_hits,
                          &FieldJudge::judge_several_mailboxes,
                          &FieldJudge::judge_limits,
                          &FieldJudge::judge_loosely,
                          &FieldJudge::add_genuine_findings}) {
    if (const auto done = (this->*step)(); !done.has_value()) {
      return std::unexpected{done.error()};
    }
  }
  if (hits_.empty() && detection_.findings.empty()) {
    explain("nobody", [&] {
      return "no name in " + std::string{word(field_.name)} + " is that of a protected person";
    });
  }
  add_malformed();
  return std::move(detection_);
}

Result<void> FieldJudge::collect_hits() {
  for (const VisibleIdentity& identity : field_.identities) {
    explain("identity",
            [&] { return std::string{word(identity.source)} + ' ' + in_quotes(identity.text); });
    if (auto done = collect_hits_of(identity); !done.has_value()) {
      return done;
    }
  }
  return {};
}

// Where there is no name, the address is what is shown: its owner is who it claims to be.
Result<void> FieldJudge::collect_bare_addresses() {
  for (std::size_t mailbox = 0; mailbox < field_.mailboxes.size(); ++mailbox) {
    const bool is_bare = std::ranges::none_of(
        field_.identities, [&](const VisibleIdentity& each) { return each.mailbox == mailbox; });
    if (!is_bare || field_.name != SenderFieldName::kFrom) {
      continue;
    }
    const auto owners = search_.owners(address_of(mailbox));
    if (!owners.has_value()) {
      return std::unexpected{owners.error()};
    }
    add_genuine(*owners, mailbox);
  }
  return {};
}

Result<void> FieldJudge::collect_hits_of(const VisibleIdentity& identity) {
  auto shown = shown_name_candidates(identity.text, context_.lexicon, [&](auto token) {
    return context_.words.contains(token, context_.asked);
  });
  if (shown.has_more) {
    add_limit(FieldLimit::kSegments);
  }
  const std::vector<std::size_t> mailboxes = mailboxes_of(identity);
  for (ShownNameCandidate& candidate : shown.candidates) {
    shown_.push_back({.candidate = std::move(candidate), .mailboxes = mailboxes, .bearers = {}});
    if (auto done = add_hits(shown_.size() - 1); !done.has_value()) {
      return done;
    }
  }
  return {};
}

Result<void> FieldJudge::add_hits(std::size_t shown) {
  auto bearers = search_.bearers(shown_.at(shown).candidate.text);
  if (!bearers.has_value()) {
    return std::unexpected{bearers.error()};
  }
  if (bearers->empty()) {
    return {};
  }
  for (const std::size_t mailbox : shown_.at(shown).mailboxes) {
    const auto owners = search_.owners(address_of(mailbox));
    if (!owners.has_value()) {
      return std::unexpected{owners.error()};
    }
    add_genuine(common_people(*bearers, *owners), mailbox);
    hits_.push_back({.shown = shown, .mailbox = mailbox});
  }
  shown_.at(shown).bearers = *std::move(bearers);
  return {};
}

void FieldJudge::add_genuine(const std::vector<PersonRef>& people, std::size_t mailbox) {
  for (const PersonRef& person : people) {
    const Genuine genuine{.person = person, .mailbox = mailbox};
    if (std::ranges::find(genuine_, genuine) == genuine_.end()) {
      genuine_.push_back(genuine);
    }
  }
}

Result<void> FieldJudge::judge_hits() {
  for (const Hit& hit : hits_) {
    if (auto done = judge_hit(hit); !done.has_value()) {
      return done;
    }
  }
  for (const VisibleIdentity& identity : field_.identities) {
    if (auto done = judge_shown_addresses(identity); !done.has_value()) {
      return done;
    }
  }
  return {};
}

Result<void> FieldJudge::judge_hit(const Hit& hit) {
  // Of a common name there are hundreds in a large organization; they are compared once.
  Comparison last;
  for (const PersonRef& ref : shown_.at(hit.shown).bearers) {
    if (auto done = judge_bearer(hit, ref, last); !done.has_value()) {
      return done;
    }
  }
  return {};
}

Result<void> FieldJudge::judge_bearer(const Hit& hit, const PersonRef& ref, Comparison& last) {
  if (is_genuine(ref.organization, hit.mailbox)) {
    return {};
  }
  const ShownNameCandidate& candidate = shown_.at(hit.shown).candidate;
  auto person = context_.view.person(ref.person);
  if (!person.has_value()) {
    return std::unexpected{person.error()};
  }
  if (!is_namesake(last.person, *person)) {
    last.match = confirm_match(candidate, *person);
    explain("candidate", [&] { return candidate_text(*person, candidate.text, last.match); });
  }
  if (last.match.has_value()) {
    Finding finding = describe_finding(FindingKind::kProtectedName, ref.organization, hit.mailbox);
    finding.match = last.match;
    describe_person(finding, *person);
    add_finding(std::move(finding), ref.person);
  }
  last.person = *std::move(person);
  return {};
}

Result<void> FieldJudge::judge_shown_addresses(const VisibleIdentity& identity) {
  const std::vector<std::size_t> mailboxes = mailboxes_of(identity);
  for (const std::string& shown : shown_addresses(identity.text)) {
    explain("shown address", [&] { return in_quotes(shown); });
    if (auto done = judge_shown_address(shown, mailboxes); !done.has_value()) {
      return done;
    }
  }
  return {};
}

Result<void> FieldJudge::judge_shown_address(std::string_view shown,
                                             const std::vector<std::size_t>& mailboxes) {
  for (const std::size_t mailbox : mailboxes) {
    if (auto done = compare_address(shown, mailbox); !done.has_value()) {
      return done;
    }
  }
  return {};
}

Result<void> FieldJudge::compare_address(std::string_view shown, std::size_t mailbox) {
  const std::string real = canonical_address(address_of(mailbox));
  if (real == shown) {
    return {};
  }
  const auto shown_owners = search_.owners(shown);
  const auto real_owners = search_.owners(real);
  if (!shown_owners.has_value() || !real_owners.has_value()) {
    return std::unexpected{(shown_owners.has_value() ? real_owners : shown_owners).error()};
  }
  for (const PersonRef& ref : *shown_owners) {
    const bool is_own = std::ranges::binary_search(*real_owners, ref);
    if (is_own || is_genuine(ref.organization, mailbox)) {
      continue;
    }
    const auto person = context_.view.person(ref.person);
    if (!person.has_value()) {
      return std::unexpected{person.error()};
    }
    Finding finding = describe_finding(FindingKind::kProtectedName, ref.organization, mailbox);
    finding.match = Match::kAddress;
    describe_person(finding, *person);
    add_finding(std::move(finding), ref.person);
  }
  const auto organization = context_.view.organization_of_domain(domain_of(shown));
  const bool is_asked =
      organization.has_value() && std::ranges::binary_search(context_.asked, *organization);
  if (shown_owners->empty() && is_asked &&
      context_.view.organization_of_domain(domain_of(real)) != organization &&
      !is_genuine(*organization, mailbox)) {
    Finding finding = describe_finding(FindingKind::kProtectedName, *organization, mailbox);
    finding.match = Match::kAddress;
    finding.reason =
        "Protected Name " + visible_text(shown) + " should not appear as " + finding.address;
    add_finding(std::move(finding));
  }
  return {};
}

Result<void> FieldJudge::add_genuine_findings() {
  if (field_.name != SenderFieldName::kFrom) {
    return {};
  }
  for (const auto& [ref, mailbox] : genuine_) {
    const auto person = context_.view.person(ref.person);
    if (!person.has_value()) {
      return std::unexpected{person.error()};
    }
    explain("address", [&] {
      return in_quotes(address_of(mailbox)) + " belongs to " + in_quotes(person->name);
    });
    Finding finding = describe_finding(FindingKind::kSpoofedAddress, ref.organization, mailbox);
    describe_person(finding, *person);
    detection_.if_not_authentic.push_back(std::move(finding));
  }
  return {};
}

std::vector<std::size_t> FieldJudge::mailboxes_of(const VisibleIdentity& identity) const {
  if (identity.mailbox != VisibleIdentity::kNoMailbox || field_.mailboxes.empty()) {
    return {identity.mailbox};
  }
  std::vector<std::size_t> all(field_.mailboxes.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = i;
  }
  return all;
}

std::string_view FieldJudge::address_of(std::size_t mailbox) const {
  return mailbox < field_.mailboxes.size() ? std::string_view{field_.mailboxes[mailbox].address}
                                           : std::string_view{};
}

bool FieldJudge::is_genuine(OrganizationNumber organization, std::size_t mailbox) const {
  return std::ranges::any_of(genuine_, [&](const Genuine& genuine) {
    return genuine.mailbox == mailbox && genuine.person.organization == organization;
  });
}

bool FieldJudge::has_finding(OrganizationNumber organization) const {
  return std::ranges::find(detection_.findings, organization, &Finding::organization) !=
         detection_.findings.end();
}

void FieldJudge::add_finding(Finding finding, std::optional<PersonNumber> person) {
  if (!person.has_value()) {
    detection_.findings.push_back(std::move(finding));
    return;
  }
  finding.person_number = person;
  const auto [known, is_new] = finding_of_person_.try_emplace(*person, detection_.findings.size());
  if (is_new) {
    detection_.findings.push_back(std::move(finding));
  } else if (finding.match < detection_.findings[known->second].match) {
    detection_.findings[known->second] = std::move(finding);
  }
}

void FieldJudge::add_limit(FieldLimit limit) {
  if (std::ranges::find(detection_.limits, limit) == detection_.limits.end()) {
    detection_.limits.push_back(limit);
  }
}

bool FieldJudge::is_namesake(const std::optional<Person>& one, const Person& other) {
  return one.has_value() && one->name == other.name && one->other_names == other.other_names &&
         one->full_name == other.full_name && one->role_mailbox == other.role_mailbox;
}

std::string FieldJudge::candidate_text(const Person& person,
                                       std::string_view shown,
                                       std::optional<Match> match) {
  const std::string text = in_quotes(person.name) + " for " + in_quotes(shown) + ": ";
  return match.has_value() ? text + std::string{word(*match)} + ", " + std::string{meaning(*match)}
                           : text + "no match, they share a key and are different names";
}

Finding FieldJudge::describe_finding(FindingKind kind,
                                     OrganizationNumber organization,
                                     std::size_t mailbox) const {
  Finding finding;
  finding.kind = kind;
  finding.field = field_.name;
  finding.organization = organization;
  finding.organization_name = context_.view.organizations().at(organization).name;
  finding.address = shown_address_text(address_of(mailbox));
  return finding;
}

void FieldJudge::describe_person(Finding& finding, const Person& person) const {
  finding.person = person.name;
  finding.person_addresses = person.addresses;
  const auto& groups = context_.view.organizations().at(person.organization).groups;
  for (const auto group : person.groups) {
    finding.person_groups.push_back(groups.at(group));
  }
  const std::string name = "Protected Name " + visible_text(person.name);
  switch (finding.kind) {
    case FindingKind::kProtectedName:
      finding.reason = name + " should not appear as " + finding.address;
      break;
    case FindingKind::kSpoofedAddress:
      finding.reason = name + " failed authentication as " + finding.address;
      break;
    case FindingKind::kAmbiguousFrom:
    case FindingKind::kMalformedFrom:
      finding.reason = name + " appears in an ambiguous From field with " + finding.address;
      break;
  }
}

}  // namespace policy

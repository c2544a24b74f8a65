// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/rule.h"

#include "policy/mail_address.h"
#include "policy/name/folding.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/word_set.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

using Texts = std::vector<std::string>;

// What a rule without the condition is for.
constexpr WordSet<FindingKind> kFindingsByDefault{
    FindingKind::kProtectedName, FindingKind::kSpoofedAddress, FindingKind::kAmbiguousFrom};

bool lists(const Texts& list, const std::string& text) {
  return std::ranges::binary_search(list, text);
}

// Whether the list has `*@domain`; compared in place, for this is asked for each rule.
bool lists_domain(const Texts& list, std::string_view domain) {
  constexpr std::string_view kWholeDomain = "*@";
  const auto is_before = [&](const std::string& text) {
    const int head = text.compare(0, kWholeDomain.size(), kWholeDomain);
    return head != 0 ? head < 0 : std::string_view{text}.substr(kWholeDomain.size()) < domain;
  };
  const auto found = std::ranges::partition_point(list, is_before);
  return found != list.end() && found->starts_with(kWholeDomain) &&
         std::string_view{*found}.substr(kWholeDomain.size()) == domain;
}

// Whether the list has the address or its domain. A `*@domain` counts as an address of it.
bool lists_address(const Texts& list, const std::string& address) {
  return lists(list, address) || lists_domain(list, domain_of(address));
}

bool lists_any(const Texts& list, std::span<const std::string> texts) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return lists(list, text); });
}

bool lists_any_address(const Texts& list, std::span<const std::string> addresses) {
  return std::ranges::any_of(
      addresses, [&](const std::string& address) { return lists_address(list, address); });
}

bool cover_texts(const Texts& mine, const Texts& others) {
  return mine.empty() || (!others.empty() && std::ranges::includes(mine, others));
}

bool cover_patterns(const Texts& mine, const Texts& others) {
  return mine.empty() || (!others.empty() && std::ranges::all_of(others, [&](const auto& other) {
           return lists_address(mine, other);
         }));
}

template <typename Enum>
bool cover_words(const WordSet<Enum>& mine, const WordSet<Enum>& others) {
  return mine.empty() || (!others.empty() && mine.includes(others));
}

// A rule without the condition is for the default words alone, and for what has no word.
template <typename Enum>
bool cover_defaulted_words(const WordSet<Enum>& mine,
                           const WordSet<Enum>& others,
                           const WordSet<Enum>& defaults) {
  if (others.empty()) {
    return mine.empty();
  }
  return mine.empty() ? defaults.includes(others) : mine.includes(others);
}

bool match_holds(const Conditions& when, const Finding& finding) {
  if (when.matches.empty()) {
    return !finding.match.has_value() || when.matches_on.contains(*finding.match);
  }
  return finding.match.has_value() && when.matches.contains(*finding.match);
}

}  // namespace

const std::string& DecisionSubject::organization() {
  if (!organization_.has_value()) {
    organization_ = fold_case(finding().organization_name);
  }
  return *organization_;
}

const Texts& DecisionSubject::groups() {
  if (!groups_.has_value()) {
    groups_.emplace();
    for (const std::string& group : finding().person_groups) {
      groups_->push_back(fold_case(group));
    }
  }
  return *groups_;
}

const std::string& DecisionSubject::from() {
  if (!from_.has_value()) {
    from_ = canonical_address(finding().address);
  }
  return *from_;
}

bool Conditions::hold(DecisionSubject& subject) const {
  const Finding& finding = subject.finding();
  const WordSet<FindingKind>& kinds = findings.empty() ? kFindingsByDefault : findings;
  return kinds.contains(finding.kind) && match_holds(*this, finding) &&
         (fields.empty() || fields.contains(finding.field)) &&
         (people.empty() || lists_any(people, finding.person_addresses)) &&
         (organizations.empty() || lists(organizations, subject.organization())) &&
         (groups.empty() || lists_any(groups, subject.groups())) &&
         (from.empty() || lists_address(from, subject.from())) &&
         (recipients.empty() || lists_any_address(recipients, subject.recipients()));
}

bool Conditions::cover(const Conditions& others) const {
  const WordSet<FindingKind>& mine = findings.empty() ? kFindingsByDefault : findings;
  const WordSet<FindingKind>& theirs =
      others.findings.empty() ? kFindingsByDefault : others.findings;
  return mine.includes(theirs) && cover_defaulted_words(matches, others.matches, matches_on) &&
         cover_words(fields, others.fields) && cover_texts(people, others.people) &&
         cover_texts(organizations, others.organizations) && cover_texts(groups, others.groups) &&
         cover_patterns(from, others.from) && cover_patterns(recipients, others.recipients);
}

}  // namespace policy

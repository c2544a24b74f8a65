// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/rule.h"

#include "policy/mail_address.h"
#include "policy/name/folding.h"
#include "policy/verdict/address_patterns.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/word_set.h"

#include <algorithm>
#include <span>
#include <string>
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

bool lists_any(const Texts& list, std::span<const std::string> texts) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return lists(list, text); });
}

bool lists_any_address(const AddressPatterns& list, std::span<const std::string> addresses) {
  return std::ranges::any_of(
      addresses, [&](const std::string& address) { return find_address(list, address).found; });
}

bool cover_texts(const Texts& mine, const Texts& others) {
  return mine.empty() || (!others.empty() && std::ranges::includes(mine, others));
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

bool DecisionSubject::lists_from(const AddressPatterns& patterns) {
  return find_address(patterns, from()).found;
}

bool Conditions::hold(DecisionSubject& subject) const {
  const Finding& finding = subject.finding();
  const WordSet<FindingKind>& kinds = findings.empty() ? kFindingsByDefault : findings;
  return kinds.contains(finding.kind) && match_holds(*this, finding) &&
         (fields.empty() || fields.contains(finding.field)) &&
         (people.empty() || lists_any(people, finding.person_addresses)) &&
         (organizations.empty() || lists(organizations, subject.organization())) &&
         (groups.empty() || lists_any(groups, subject.groups())) &&
         (directions.empty() || directions.contains(subject.direction())) &&
         (from.empty() || subject.lists_from(from)) &&
         (recipients.empty() || lists_any_address(recipients, subject.recipients()));
}

std::vector<std::string> Conditions::lists_used(DecisionSubject& subject) const {
  std::vector<std::string> names;
  const auto note = [&](const AddressPatterns& patterns, const std::string& address) {
    const PatternMatch match = find_address(patterns, address);
    if (match.list != nullptr) {
      names.push_back(match.list->name);
    }
  };
  note(from, subject.from());
  for (const std::string& recipient : subject.recipients()) {
    note(recipients, recipient);
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

bool Conditions::cover(const Conditions& others) const {
  const WordSet<FindingKind>& mine = findings.empty() ? kFindingsByDefault : findings;
  const WordSet<FindingKind>& theirs =
      others.findings.empty() ? kFindingsByDefault : others.findings;
  return mine.includes(theirs) && cover_defaulted_words(matches, others.matches, matches_on) &&
         cover_words(fields, others.fields) && cover_texts(people, others.people) &&
         cover_texts(organizations, others.organizations) && cover_texts(groups, others.groups) &&
         cover_words(directions, others.directions) && cover_addresses(from, others.from) &&
         cover_addresses(recipients, others.recipients);
}

}  // namespace policy

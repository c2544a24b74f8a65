// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
// The part of FieldJudge that looks for names like protected ones: nicknames, misspellings, local
// parts. They make a finding only where the policy says so.
#include "policy/ascii.h"
#include "policy/name/match.h"
#include "policy/name/name_forms.h"
#include "policy/name/name_match.h"
#include "policy/name/near_name.h"
#include "policy/name/shown_name.h"
#include "policy/people/directory_view.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/field_judge.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/name_search.h"
#include "policy/verdict/sender_field.h"
#include "policy/verdict/spelled_local_part.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

// Texts and mailboxes of one field; an ordinary one has one or two.
constexpr std::size_t kMaximumLooselyJudged = 64;

void add_people(std::vector<PersonRef>& all, const std::vector<PersonRef>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

void sort_without_duplicates(std::vector<PersonRef>& people) {
  std::ranges::sort(people);
  const auto repeated = std::ranges::unique(people);
  people.erase(repeated.begin(), repeated.end());
}

}  // namespace

Result<void> FieldJudge::judge_loosely() {
  const std::size_t count = std::min(shown_.size(), kMaximumLooselyJudged);
  if (count < shown_.size()) {
    add_limit(FieldLimit::kSegments);
  }
  for (const Shown& shown : std::span{shown_}.first(count)) {
    if (auto done = judge_shown_loosely(shown); !done.has_value()) {
      return done;
    }
  }
  const std::size_t mailboxes = std::min(field_.mailboxes.size(), kMaximumLooselyJudged);
  for (std::size_t mailbox = 0; mailbox < mailboxes; ++mailbox) {
    if (auto done = judge_local_part(mailbox); !done.has_value()) {
      return done;
    }
  }
  return {};
}

Result<void> FieldJudge::judge_shown_loosely(const Shown& shown) {
  // An initial left out is one liberty already; a name that takes another with it is another name.
  if (shown.candidate.drops_initial) {
    return {};
  }
  if (std::ranges::all_of(shown.mailboxes, [&](std::size_t each) { return is_settled(each); })) {
    return {};
  }
  const ShownTokens tokens = shown_tokens(shown.candidate.text);
  const auto people = people_near(tokens, shown.bearers);
  if (!people.has_value()) {
    return std::unexpected{people.error()};
  }
  for (const std::size_t mailbox : shown.mailboxes) {
    const CompareWithPerson compare = [&](const Person& person) {
      return compare_loosely(tokens, person.full_name, context_.common_names);
    };
    if (auto done = add_loose_findings(*people, mailbox, shown.candidate.text, compare);
        !done.has_value()) {
      return done;
    }
  }
  return {};
}

// Names with a nickname, without a surname or transcribed are stored under keys like any other:
// those who bear them are among `people` already.
Result<std::vector<PersonRef>> FieldJudge::people_near(const ShownTokens& tokens,
                                                       std::vector<PersonRef> people) {
  for (const std::string& key : loose_look_up_keys(tokens)) {
    const auto bearers = search_.bearers_of_key(key);
    if (!bearers.has_value()) {
      return bearers;
    }
    add_people(people, *bearers);
  }
  for (const SpellingEntry& look_up : spelling_look_ups(tokens.tokens)) {
    const auto misspelt = search_.misspelt(look_up);
    if (!misspelt.has_value()) {
      return misspelt;
    }
    add_people(people, *misspelt);
  }
  sort_without_duplicates(people);
  return people;
}

Result<void> FieldJudge::judge_local_part(std::size_t mailbox) {
  if (is_settled(mailbox)) {
    return {};
  }
  const std::string text = spelled_local_part(address_of(mailbox));
  if (is_shown_by_nobody(text)) {
    return {};
  }
  const auto spelled = shown_name_candidates(text, context_.lexicon, [&](auto token) {
    return context_.words.contains(token, context_.asked);
  });
  for (const ShownNameCandidate& candidate : spelled.candidates) {
    const auto people = search_.bearers(candidate.text);
    if (!people.has_value()) {
      return std::unexpected{people.error()};
    }
    const CompareWithPerson compare = [&](const Person& person) -> std::optional<Match> {
      const bool is_spelled = !person.role_mailbox && !is_single_word(person.name) &&
                              confirm_match(candidate, person).has_value();
      return is_spelled ? std::optional{Match::kLocalPart} : std::nullopt;
    };
    if (auto done = add_loose_findings(*people, mailbox, text, compare); !done.has_value()) {
      return done;
    }
  }
  return {};
}

Result<void> FieldJudge::add_loose_findings(const std::vector<PersonRef>& people,
                                            std::size_t mailbox,
                                            std::string_view text,
                                            const CompareWithPerson& compare) {
  const auto found = loose_findings(people, mailbox, text, compare);
  if (!found.has_value()) {
    return std::unexpected{found.error()};
  }
  if (found->empty()) {
    return {};
  }
  const auto owners = search_.owners(address_of(mailbox));
  if (!owners.has_value()) {
    return std::unexpected{owners.error()};
  }
  for (const auto& [ref, finding] : *found) {
    // Who bears such a name may write from their own address, however they spell themselves.
    const bool is_own =
        std::ranges::any_of(*found, [&, organization = ref.organization](const auto& each) {
          return each.first.organization == organization &&
                 std::ranges::binary_search(*owners, each.first);
        });
    if (!is_own) {
      add_finding(finding, ref.person);
    }
  }
  return {};
}

Result<FieldJudge::LooseFindings> FieldJudge::loose_findings(const std::vector<PersonRef>& people,
                                                             std::size_t mailbox,
                                                             std::string_view text,
                                                             const CompareWithPerson& compare) {
  LooseFindings found;
  Comparison last;
  for (const PersonRef& ref : people) {
    if (is_settled(ref.organization, mailbox)) {
      continue;
    }
    auto person = context_.view.person(ref.person);
    if (!person.has_value()) {
      return std::unexpected{person.error()};
    }
    if (!is_namesake(last.person, *person)) {
      last.match = compared(*person, text, compare);
    }
    if (last.match.has_value()) {
      Finding finding = describe_finding(FindingKind::kProtectedName, ref.organization, mailbox);
      finding.match = last.match;
      describe_person(finding, *person);
      found.emplace_back(ref, std::move(finding));
    }
    last.person = *std::move(person);
  }
  return found;
}

std::optional<Match> FieldJudge::compared(const Person& person,
                                          std::string_view text,
                                          const CompareWithPerson& compare) const {
  const std::optional<Match> match = compare(person);
  explain("candidate", [&] { return candidate_text(person, text, match); });
  return match;
}

// Whether all that the local part can be read as was looked for already, and nobody found: the text
// in lower case leads to no key that the text as it is shown does not lead to.
bool FieldJudge::is_shown_by_nobody(std::string_view local_part) const {
  return hits_.empty() && is_plainly_ascii(local_part) &&
         std::ranges::any_of(shown_, [&](const Shown& shown) {
           return shown.candidate.part == ShownNameCandidate::Part::kWhole &&
                  equal_ignoring_case(shown.candidate.text, local_part);
         });
}

bool FieldJudge::is_settled(std::size_t mailbox) const {
  return std::ranges::all_of(context_.asked, [&](OrganizationNumber organization) {
    return is_settled(organization, mailbox);
  });
}

bool FieldJudge::is_settled(OrganizationNumber organization, std::size_t mailbox) const {
  return is_genuine(organization, mailbox) ||
         std::ranges::any_of(detection_.findings, [&](const Finding& finding) {
           return finding.organization == organization &&
                  (!finding.match.has_value() || *finding.match <= Match::kAddress);
         });
}

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
// The part of FieldJudge that judges how a field can be read, not what its names are.
#include "policy/name/name_forms.h"
#include "policy/people/person.h"
#include "policy/result.h"
#include "policy/verdict/detection.h"
#include "policy/verdict/field_judge.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"
#include "policy/verdict/window_search.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {

Result<void> FieldJudge::judge_several_mailboxes() {
  // Several addresses to answer to, or to have sent it, are ordinary.
  if (field_.mailboxes.size() < 2 || field_.name != SenderFieldName::kFrom) {
    return {};
  }
  OwnersOfMailboxes owners;
  for (const VisibleMailbox& mailbox : field_.mailboxes) {
    auto found = search_.owners(mailbox.address);
    if (!found.has_value()) {
      return std::unexpected{std::move(found.error())};
    }
    owners.push_back(*std::move(found));
  }
  for (const OrganizationNumber organization : context_.asked) {
    if (auto done = judge_mixed_owners(organization, owners); !done.has_value()) {
      return done;
    }
  }
  return {};
}

Result<void> FieldJudge::judge_mixed_owners(OrganizationNumber organization,
                                            const OwnersOfMailboxes& owners) {
  std::optional<PersonRef> shown;
  std::optional<std::size_t> foreign;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const auto owner = std::ranges::find(owners[i], organization, &PersonRef::organization);
    if (owner != owners[i].end()) {
      shown = shown.value_or(*owner);
    } else if (!address_of(i).empty()) {
      foreign = foreign.value_or(i);
    }
  }
  if (!shown.has_value() || !foreign.has_value() || has_finding(organization)) {
    return {};
  }
  const auto person = context_.view.person(shown->person);
  if (!person.has_value()) {
    return std::unexpected{person.error()};
  }
  Finding finding = describe_finding(FindingKind::kAmbiguousFrom, organization, *foreign);
  describe_person(finding, *person);
  add_finding(std::move(finding));
  return {};
}

Result<void> FieldJudge::judge_limits() {
  if (detection_.limits.empty()) {
    return {};
  }
  auto people = protected_beyond_limits();
  if (!people.has_value()) {
    return std::unexpected{people.error()};
  }
  for (const Hit& hit : hits_) {
    const std::vector<PersonRef>& bearers = shown_.at(hit.shown).bearers;
    people->insert(people->end(), bearers.begin(), bearers.end());
  }
  for (const PersonRef& ref : *people) {
    if (has_finding(ref.organization)) {
      continue;
    }
    const auto person = context_.view.person(ref.person);
    if (!person.has_value()) {
      return std::unexpected{person.error()};
    }
    Finding finding = describe_finding(FindingKind::kAmbiguousFrom, ref.organization, 0);
    describe_person(finding, *person);
    add_finding(std::move(finding));
  }
  add_unread();
  return {};
}

// Where not even the raw text was looked at to its end, nobody can say that no name is in it; nor
// where the text is shown otherwise than it stands there.
void FieldJudge::add_unread() {
  const bool is_from = field_.name == SenderFieldName::kFrom;
  const bool is_cut = std::ranges::any_of(detection_.limits, [](FieldLimit limit) {
    return limit == FieldLimit::kFieldSize || limit == FieldLimit::kFields;
  });
  if (!(is_from && is_cut) && most_readings(field_.beyond_limits) == 1) {
    return;
  }
  for (const OrganizationNumber organization : context_.asked) {
    if (!has_finding(organization)) {
      Finding finding = describe_finding(FindingKind::kAmbiguousFrom, organization, 0);
      finding.reason = std::string{is_from ? "The From field" : "A field beside From"} +
                       " is longer than is read and may show a Protected Name";
      add_finding(std::move(finding));
    }
  }
}

Result<std::vector<PersonRef>> FieldJudge::protected_beyond_limits() {
  std::vector<PersonRef> all;
  std::vector<std::string_view> texts{field_.beyond_limits};
  for (const VisibleIdentity& identity : field_.identities) {
    texts.emplace_back(identity.text);
  }
  for (const std::string_view text : texts) {
    auto people = people_within(text, search_);
    if (!people.has_value()) {
      return people;
    }
    all.insert(all.end(), people->begin(), people->end());
  }
  return all;
}

void FieldJudge::add_malformed() {
  const bool is_malformed = !field_.defects.empty() || !field_.limits.empty();
  if (!is_malformed || field_.name != SenderFieldName::kFrom) {
    return;
  }
  std::string reason = "The From field cannot be read in exactly one way:";
  for (const FieldDefect defect : field_.defects) {
    reason += ' ';
    reason += word(defect);
  }
  for (const FieldLimit limit : field_.limits) {
    reason += " limit_of_";
    reason += word(limit);
  }
  explain("malformed", [&] { return reason; });
  for (const OrganizationNumber organization : context_.asked) {
    Finding finding = describe_finding(FindingKind::kMalformedFrom, organization, 0);
    finding.reason = reason;
    detection_.findings.push_back(std::move(finding));
  }
}

}  // namespace policy

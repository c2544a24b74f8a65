// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/exception.h"

#include "policy/verdict/finding.h"
#include "policy/verdict/rule.h"

#include <algorithm>

namespace policy {
namespace {

bool is_for(const ExceptionSubject& who, DecisionSubject& subject) {
  if (!who.person.empty()) {
    return std::ranges::find(subject.finding().person_addresses, who.person) !=
           subject.finding().person_addresses.end();
  }
  return who.anyone || std::ranges::find(subject.groups(), who.group) != subject.groups().end();
}

}  // namespace

bool PolicyException::covers(DecisionSubject& subject_of_decision) const {
  // Of an ambiguous or malformed field nobody knows who wrote it.
  const FindingKind kind = subject_of_decision.finding().kind;
  const bool has_sender =
      kind == FindingKind::kProtectedName || kind == FindingKind::kSpoofedAddress;
  return has_sender && is_for(subject, subject_of_decision) && subject_of_decision.lists_from(from);
}

}  // namespace policy

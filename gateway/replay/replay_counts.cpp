// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/replay_counts.h"

#include "gateway/session/verdict.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/finding.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

constexpr std::size_t kExamples = 3;
constexpr std::size_t kExampleOctets = 200;

std::string shown(std::string_view text) {
  return policy::visible_text(text.substr(0, kExampleOctets));
}

using CountOf = CountByAction PersonCounts::*;

void count_people(std::map<CountedPerson, PersonCounts>& people,
                  const Verdict& verdict,
                  CountOf count) {
  std::map<CountedPerson, policy::ActionKind> strictest;
  for (const JudgedFinding& judged : verdict.findings) {
    const policy::Finding& finding = judged.finding;
    if (finding.person.empty()) {
      continue;
    }
    const auto [place, is_new] =
        strictest.try_emplace({.name = finding.person, .organization = finding.organization_name},
                              judged.decision.action);
    place->second = std::max(place->second, judged.decision.action);
  }
  for (const auto& [person, action] : strictest) {
    ++(people[person].*count)[action];
  }
}

void count_each(const std::set<std::string_view>& names, CountByName& counts) {
  for (const std::string_view name : names) {
    ++counts[std::string{name}];
  }
}

DifferenceExample example_of(const ReplayedMessage& message, const Verdict& candidate) {
  const JudgedFinding* finding = candidate.deciding();
  if (finding == nullptr) {
    finding = message.in_force.deciding();
  }
  std::string place = policy::visible_text(message.path.native());
  if (message.number > 0) {
    place += " message " + std::to_string(message.number);
  }
  return {.place = std::move(place),
          .message_id = shown(message.message.message_id),
          .from = shown(message.message.from),
          .reason = finding == nullptr ? std::string{} : finding->finding.reason};
}

}  // namespace

Outcome outcome_of(const Verdict& verdict) {
  return verdict.kind == Verdict::Kind::kNoFinding ? Outcome{} : verdict.action();
}

std::string_view word(Outcome outcome) {
  return outcome.has_value() ? policy::word(*outcome) : "no finding";
}

bool is_different(const ReplayedMessage& message) {
  const std::optional<Verdict>& candidate = message.candidate;
  return candidate.has_value() && outcome_of(message.in_force) != outcome_of(*candidate);
}

void PolicyCounts::add(const Verdict& verdict) {
  switch (verdict.kind) {
    case Verdict::Kind::kNoFinding: ++no_finding; break;
    case Verdict::Kind::kFinding: ++finding; break;
    case Verdict::Kind::kSkipped:
    case Verdict::Kind::kOutbound:
    case Verdict::Kind::kRefused:
    case Verdict::Kind::kDegraded: ++not_judged; break;
  }
  std::set<std::string_view> deciding;
  for (const JudgedFinding& judged : verdict.findings) {
    deciding.insert(judged.decision.rule);
  }
  std::set<std::string_view> matching{verdict.exception_lists.begin(),
                                      verdict.exception_lists.end()};
  for (const JudgedFinding& judged : verdict.findings) {
    matching.insert(judged.decision.lists.begin(), judged.decision.lists.end());
  }
  count_each(deciding, rules);
  count_each(matching, lists);
  count_each({verdict.exceptions.begin(), verdict.exceptions.end()}, exceptions);
}

void ReplayCounts::add(const ReplayedMessage& message) {
  ++messages;
  cut_headers += message.has_cut_header ? 1 : 0;
  in_force.add(message.in_force);
  count_people(people, message.in_force, &PersonCounts::in_force);
  const std::optional<Verdict>& judged = message.candidate;
  if (!judged.has_value()) {
    return;
  }
  candidate.add(*judged);
  count_people(people, *judged, &PersonCounts::candidate);
  if (is_different(message)) {
    Difference& difference = differences[{outcome_of(message.in_force), outcome_of(*judged)}];
    ++difference.messages;
    if (difference.examples.size() < kExamples) {
      difference.examples.push_back(example_of(message, *judged));
    }
  }
}

}  // namespace gateway

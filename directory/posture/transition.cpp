// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/transition.h"

#include "directory/posture/finding.h"
#include "directory/posture/finding_table.h"

#include <optional>
#include <utility>

namespace directory {
namespace {

void enter(PostureFinding& finding, FindingState state, const ScanTime& time) {
  finding.state = state;
  finding.history.push_back({.time = time.now, .state = state});
  if (finding.history.size() > PostureFinding::kMostHistory) {
    finding.history.erase(finding.history.begin());
  }
}

PostureFinding make(const FindingSubject& subject, const FindingKind& kind) {
  PostureFinding finding;
  finding.finding = kind.id;
  finding.subject = subject;
  return finding;
}

PostureFinding seen_open(PostureFinding finding, Evidence evidence, const ScanTime& time) {
  if (!finding.was_open) {
    finding.first_seen = time.now;
  }
  if (finding.state != FindingState::kOpen || finding.history.empty()) {
    enter(finding, FindingState::kOpen, time);
  }
  finding.was_open = true;
  finding.evidence = std::move(evidence);
  finding.reason.clear();
  finding.last_seen = time.now;
  return finding;
}

PostureFinding not_seen(PostureFinding finding, std::string reason, const ScanTime& time) {
  finding.reason = std::move(reason);
  if (finding.state == FindingState::kOpen && finding.was_open) {
    return finding;
  }
  if (finding.state != FindingState::kNotEvaluated) {
    enter(finding, FindingState::kNotEvaluated, time);
  }
  if (finding.first_seen == 0) {
    finding.first_seen = time.now;
  }
  finding.last_seen = time.now;
  return finding;
}

// What was never open leaves no trace.
std::optional<PostureFinding> seen_clean(PostureFinding finding, const ScanTime& time) {
  if (!finding.was_open) {
    return std::nullopt;
  }
  finding.reason.clear();
  if (finding.state != FindingState::kResolved) {
    enter(finding, FindingState::kResolved, time);
  }
  return finding;
}

}  // namespace

std::optional<PostureFinding> after_observation(const std::optional<PostureFinding>& before,
                                                const FindingSubject& subject,
                                                const Observation& observation,
                                                const ScanTime& time) {
  PostureFinding finding = before.value_or(make(subject, *observation.kind));
  finding.subject = subject;
  finding.scan = time.scan;
  const Judgement& judgement = observation.judgement;
  switch (judgement.outcome) {
    case Judgement::Outcome::kFound: return seen_open(std::move(finding), judgement.evidence, time);
    case Judgement::Outcome::kUnknown: return not_seen(std::move(finding), judgement.reason, time);
    case Judgement::Outcome::kCovered:
      return before.has_value() ? std::optional{std::move(finding)} : std::nullopt;
    case Judgement::Outcome::kClean: break;
  }
  return seen_clean(std::move(finding), time);
}

std::optional<PostureFinding> after_disappearance(PostureFinding before, const ScanTime& time) {
  before.scan = time.scan;
  return seen_clean(std::move(before), time);
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/finding.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

std::string_view word_of(Severity severity) {
  switch (severity) {
    case Severity::kLow: return "low";
    case Severity::kMedium: return "medium";
    case Severity::kHigh: return "high";
  }
  return "low";
}

std::string_view word_of(SubjectType type) {
  switch (type) {
    case SubjectType::kTenant: return "tenant";
    case SubjectType::kUser: return "user";
    case SubjectType::kDomain: return "domain";
    case SubjectType::kApplication: return "application";
    case SubjectType::kServicePrincipal: return "service_principal";
  }
  return "tenant";
}

std::string_view word_of(FindingState state) {
  switch (state) {
    case FindingState::kOpen: return "open";
    case FindingState::kResolved: return "resolved";
    case FindingState::kNotEvaluated: return "not_evaluated";
  }
  return "not_evaluated";
}

Judgement clean() {
  return {};
}

Judgement found(Evidence evidence) {
  return {.outcome = Judgement::Outcome::kFound, .evidence = std::move(evidence), .reason = {}};
}

Judgement found_if_any(Evidence evidence) {
  return evidence.empty() ? clean() : found(std::move(evidence));
}

Judgement found_if_any(std::string name, std::vector<std::string> values) {
  if (values.empty()) {
    return clean();
  }
  Evidence evidence;
  evidence.push_back({.name = std::move(name), .values = std::move(values)});
  return found(std::move(evidence));
}

Judgement found_if(bool is_so, std::string name, std::string value) {
  std::vector<std::string> values;
  if (is_so) {
    values.push_back(std::move(value));
  }
  return found_if_any(std::move(name), std::move(values));
}

Judgement unknown(std::string reason) {
  return {.outcome = Judgement::Outcome::kUnknown, .evidence = {}, .reason = std::move(reason)};
}

Judgement covered() {
  return {.outcome = Judgement::Outcome::kCovered, .evidence = {}, .reason = {}};
}

}  // namespace directory

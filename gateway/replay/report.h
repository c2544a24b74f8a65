// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/replay/replay_counts.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// What a report is made from. Refers to what the caller holds.
struct ReplayReport {
  const ReplayCounts& counts;
  const policy::Policy& in_force;
  const policy::Policy* candidate;  ///< null if there is none
  std::uint64_t generation;
};

/// One rule under both policies, which know it by its name.
struct RuleRow {
  struct UnderPolicy {
    policy::ActionKind action = policy::ActionKind::kTag;
    std::uint64_t messages = 0;
  };

  std::string rule;  ///< "" is the default
  std::optional<UnderPolicy> in_force;
  std::optional<UnderPolicy> candidate;
};

/// The rules in the order of the policy in force, then those of the candidate alone, then the
/// default.
[[nodiscard]] std::vector<RuleRow> rule_rows(const ReplayReport& report);

/// Names of what a policy has and no message met, in the order of the policy.
struct NeverMatched {
  std::vector<std::string> rules;
  std::vector<std::string> exceptions;
  std::vector<std::string> lists;
};

/// The names of the policy's rules that decided about nothing, in their order.
[[nodiscard]] NeverMatched never_matched(const policy::Policy& policy, const PolicyCounts& counts);

/// The people, those with the most messages first.
[[nodiscard]] std::vector<const std::pair<const CountedPerson, PersonCounts>*> ranked_people(
    const ReplayCounts& counts);

/// Writes the report as tables.
void write_report(std::ostream& output, const ReplayReport& report);

/// The report as one JSON object on one line.
[[nodiscard]] std::string report_as_json(const ReplayReport& report);

/// A message that the policies differ about, as one JSON object on one line.
[[nodiscard]] std::string difference_as_json(const ReplayedMessage& message);

}  // namespace gateway

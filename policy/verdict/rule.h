// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/problems.h"
#include "policy/name/match.h"
#include "policy/verdict/address_patterns.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/reply_template.h"
#include "policy/verdict/word_set.h"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace policy {

/// The facts in the forms in which rules list them, each worked out when a rule first asks and kept
/// for the next one. Must not outlive the facts.
class DecisionSubject {
 public:
  explicit DecisionSubject(const DecisionFacts& facts) : facts_(&facts) {}

  [[nodiscard]] const Finding& finding() const { return facts_->finding; }

  [[nodiscard]] std::span<const std::string> recipients() const { return facts_->recipients; }

  [[nodiscard]] Direction direction() const { return facts_->direction; }

  const std::string& organization();         ///< the finding's, case folded
  const std::vector<std::string>& groups();  ///< of the person, case folded
  const std::string& from();                 ///< the From address, canonical

  /// Whether the From address is listed.
  bool lists_from(const AddressPatterns& patterns);

 private:
  const DecisionFacts* facts_;
  std::optional<std::string> organization_;
  std::optional<std::vector<std::string>> groups_;
  std::optional<std::string> from_;
};

/// The matches that make a finding unless the policy says otherwise.
inline constexpr WordSet<Match> kMatchesOnByDefault{
    Match::kExact, Match::kReordered, Match::kDecorated, Match::kLookalike, Match::kAddress};

/// The `when` of a rule. All conditions must hold, of each list one entry; an empty one is absent
/// and holds. Texts are sorted and without duplicates.
struct Conditions {
  WordSet<FindingKind> findings;
  WordSet<Match> matches;
  WordSet<Match> matches_on = kMatchesOnByDefault;  ///< what the rule is for without `matches`
  WordSet<SenderFieldName> fields;
  std::vector<std::string> organizations;  ///< case folded
  std::vector<std::string> groups;         ///< case folded
  std::vector<std::string> people;         ///< canonical addresses
  WordSet<Direction> directions;
  AddressPatterns from;
  AddressPatterns recipients;

  [[nodiscard]] bool hold(DecisionSubject& subject) const;

  /// Names of the lists that made them hold, sorted.
  [[nodiscard]] std::vector<std::string> lists_used(DecisionSubject& subject) const;

  /// Whether these hold whenever the others do, as far as the lists alone show it.
  [[nodiscard]] bool cover(const Conditions& others) const;
};

/// The `then` of a rule.
struct RuleAction {
  Disposition disposition = Disposition::kSpoof;
  ActionKind action = ActionKind::kTag;
  std::vector<std::pair<std::string, std::string>> headers;  ///< of `tag`: name and value
  std::string subject_prefix;   ///< of `tag`: UTF-8; empty: the subject stays
  std::vector<std::string> to;  ///< of `quarantine`, `redirect` and `copy`: canonical addresses
  std::string reply_code;       ///< of `reject` and `tempfail`
  std::string enhanced_code;    ///< of the same (RFC 3463)
  ReplyTemplate text = ReplyTemplate::reason();  ///< of the same
};

struct Rule {
  std::string name;  ///< unique within the policy
  Place place;
  Conditions when;
  RuleAction then;
};

}  // namespace policy

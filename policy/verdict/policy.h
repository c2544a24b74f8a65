// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/problems.h"
#include "policy/name/match.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/exemption.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/rule.h"
#include "policy/verdict/word_set.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// Whether decisions are carried out, or only logged, counted and stamped.
enum class Mode { kMonitor, kEnforce };

/// Which messages get the `X-Fromguard-*` stamp.
enum class StampWhen { kFindings, kAll, kNone };

[[nodiscard]] std::string_view word(Mode mode);
[[nodiscard]] std::string_view word(StampWhen stamp);

/// A policy file (POLICY_LANGUAGE.md), checked and ready. Immutable: threads may share it.
class Policy {
 public:
  /// Reads the text of a policy file. Everything wrong is told in `problems`, all at once, under
  /// `file_name`; nothing is returned if there is an error.
  [[nodiscard]] static std::optional<Policy> parse(std::string_view text,
                                                   const std::string& file_name,
                                                   Problems& problems);

  [[nodiscard]] static std::optional<Policy> load(const std::filesystem::path& path,
                                                  Problems& problems);

  [[nodiscard]] Mode mode() const { return mode_; }

  [[nodiscard]] StampWhen stamp() const { return stamp_; }

  [[nodiscard]] AuthenticationRequirement authentication_requirement() const {
    return authentication_requirement_;
  }

  /// The first eight hexadecimal digits of the SHA-256 of the file: which policy decided.
  [[nodiscard]] const std::string& digest() const { return digest_; }

  [[nodiscard]] const ExemptionSwitches& exemptions() const { return exemptions_; }

  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }

  /// What the first matching rule says, or the default where none matches. Nothing if this is no
  /// finding under this policy: `malformed_from`, or a match that is off, with no matching rule
  /// that names it. Whether it is carried out is up to `mode`.
  [[nodiscard]] std::optional<Decision> decide(const DecisionFacts& facts) const;

  /// Whether some rule names this kind of finding.
  [[nodiscard]] bool names(FindingKind kind) const;

 private:
  Policy() = default;

  Mode mode_ = Mode::kMonitor;
  StampWhen stamp_ = StampWhen::kFindings;
  AuthenticationRequirement authentication_requirement_ = AuthenticationRequirement::kPublished;
  WordSet<Match> matches_ = kMatchesOnByDefault;
  ExemptionSwitches exemptions_;
  std::string digest_;
  std::vector<Rule> rules_;
};

}  // namespace policy

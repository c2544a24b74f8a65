// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/name/match.h"
#include "policy/networks.h"
#include "policy/verdict/address_patterns.h"
#include "policy/verdict/address_reading.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/exception.h"
#include "policy/verdict/exemption.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/rule.h"
#include "policy/verdict/word_set.h"

#include <chrono>
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

/// Whose word on SPF, DKIM and DMARC is taken (RFC 8601).
struct TrustedResults {
  std::vector<std::string> authserv_ids;  ///< in lower case, sorted
  Networks relays;                        ///< the clients from which such a field is believed
};

/// The day it is now, in UTC.
[[nodiscard]] std::chrono::sys_days today();

/// A policy file (POLICY_LANGUAGE.md), checked and ready. Immutable: threads may share it.
class Policy {
 public:
  /// Reads the text of a policy file, and the files of its lists from the folder of `file_name`.
  /// Everything wrong is told in `problems`, all at once, under `file_name`; nothing is returned if
  /// there is an error. Exceptions that have expired by `day` are warned of.
  [[nodiscard]] static std::optional<Policy> parse(std::string_view text,
                                                   const std::string& file_name,
                                                   Problems& problems,
                                                   std::chrono::sys_days day = today());

  [[nodiscard]] static std::optional<Policy> load(const std::filesystem::path& path,
                                                  Problems& problems);

  [[nodiscard]] Mode mode() const { return mode_; }

  [[nodiscard]] StampWhen stamp() const { return stamp_; }

  [[nodiscard]] AuthenticationRequirement authentication_requirement() const {
    return authentication_requirement_;
  }

  /// Whether the sender of each finding is checked, not only where the verdict hangs on it.
  [[nodiscard]] bool checks_findings() const { return checks_findings_; }

  [[nodiscard]] const TrustedResults& trusted_results() const { return trusted_results_; }

  /// The first eight hexadecimal digits of the SHA-256 of the file and of the files of its lists:
  /// which policy decided.
  [[nodiscard]] const std::string& digest() const { return digest_; }

  [[nodiscard]] const ExemptionSwitches& exemptions() const { return exemptions_; }

  [[nodiscard]] const std::vector<PolicyException>& exceptions() const { return exceptions_; }

  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }

  [[nodiscard]] const std::vector<Rule>& shadow_rules() const { return shadow_rules_; }

  [[nodiscard]] bool has_shadow() const { return has_shadow_; }

  [[nodiscard]] const AddressLists& lists() const { return lists_; }

  /// The files that were read beside the policy itself.
  [[nodiscard]] const std::vector<std::filesystem::path>& list_files() const { return list_files_; }

  /// Whether a rule in force has the action.
  [[nodiscard]] bool uses(ActionKind action) const;

  /// Whether a rule in force changes the subject.
  [[nodiscard]] bool changes_subject() const;

  /// The first exception by which this is no finding; null if there is none.
  [[nodiscard]] const PolicyException* excuse(const DecisionFacts& facts) const;

  /// Whether an exception would hold if the From domain were authenticated.
  [[nodiscard]] bool may_excuse(const DecisionFacts& facts) const;

  /// What the first matching rule says, or the default where none matches. Nothing if this is no
  /// finding under this policy: `malformed_from`, or a match that is off, with no matching rule
  /// that names it. Whether it is carried out is up to `mode`.
  [[nodiscard]] std::optional<Decision> decide(const DecisionFacts& facts) const;

  /// The same by the rules in `shadow`, which are never carried out.
  [[nodiscard]] std::optional<Decision> decide_shadow(const DecisionFacts& facts) const;

  /// Whether some rule names this kind of finding.
  [[nodiscard]] bool names(FindingKind kind) const;

 private:
  Policy() = default;

  void read(MappingReader& file,
            PolicyReading& reading,
            std::chrono::sys_days day,
            Problems& problems);
  [[nodiscard]] std::optional<Decision> decide_by(const std::vector<Rule>& rules,
                                                  const DecisionFacts& facts) const;

  Mode mode_ = Mode::kMonitor;
  StampWhen stamp_ = StampWhen::kFindings;
  AuthenticationRequirement authentication_requirement_ = AuthenticationRequirement::kPublished;
  bool checks_findings_ = false;
  WordSet<Match> matches_ = kMatchesOnByDefault;
  ExemptionSwitches exemptions_;
  TrustedResults trusted_results_;
  std::string digest_;
  AddressLists lists_;
  std::vector<std::filesystem::path> list_files_;
  std::vector<PolicyException> exceptions_;
  std::vector<Rule> rules_;
  std::vector<Rule> shadow_rules_;
  bool has_shadow_ = false;
};

}  // namespace policy

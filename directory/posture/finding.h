// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// How bad a finding is.
enum class Severity { kLow, kMedium, kHigh };

/// `low`, `medium`, `high`.
[[nodiscard]] std::string_view word_of(Severity severity);

/// What a finding is about.
enum class SubjectType : char {
  kTenant = 't',            ///< the whole of it, where nothing could be read or all are concerned
  kUser = 'u',              ///< with mailbox and calendar
  kDomain = 'd',            ///< of the tenant
  kApplication = 'a',       ///< registered in the tenant
  kServicePrincipal = 's',  ///< an application of another vendor that was consented to
};

/// All of them, as letters.
inline constexpr std::string_view kSubjectTypes = "tudas";

/// `tenant`, `user`, `domain`, `application`, `service_principal`.
[[nodiscard]] std::string_view word_of(SubjectType type);

/// Whose finding it is: the id is Graph's, or the domain.
struct FindingSubject {
  SubjectType type = SubjectType::kTenant;
  std::string id;
  std::string label;  ///< as people know it
};

/// One thing that was seen: `keys`, say, with one value or several. Values are what others have
/// named: to be shown as text alone.
struct EvidenceField {
  std::string name;  ///< stable, in snake_case
  std::vector<std::string> values;

  friend bool operator==(const EvidenceField&, const EvidenceField&) = default;
};

/// In the order in which people read it.
using Evidence = std::vector<EvidenceField>;

/// What one look at a subject says of one finding.
struct Judgement {
  enum class Outcome {
    kClean,
    kFound,
    kUnknown,  ///< it cannot be told
    kCovered,  ///< it is told of another subject, or by another look: what was found before stays
  };

  Outcome outcome = Outcome::kClean;
  Evidence evidence;   ///< of `kFound`
  std::string reason;  ///< of `kUnknown`: why, one sentence without full stop
};

[[nodiscard]] Judgement clean();
[[nodiscard]] Judgement found(Evidence evidence);
/// Found where there is any evidence, clean else.
[[nodiscard]] Judgement found_if_any(Evidence evidence);
/// Found where there are any values, which are the evidence, under this name; clean else.
[[nodiscard]] Judgement found_if_any(std::string name, std::vector<std::string> values);
/// Found if it is so, with one value as the evidence; clean else.
[[nodiscard]] Judgement found_if(bool is_so, std::string name, std::string value);
[[nodiscard]] Judgement unknown(std::string reason);
[[nodiscard]] Judgement covered();

/// Where a finding stands.
enum class FindingState : char { kOpen = 'o', kResolved = 'r', kNotEvaluated = 'n' };

/// `open`, `resolved`, `not_evaluated`.
[[nodiscard]] std::string_view word_of(FindingState state);

/// When a finding came to a state.
struct StateChange {
  std::int64_t time = 0;  ///< seconds since 1970
  FindingState state = FindingState::kOpen;

  friend bool operator==(const StateChange&, const StateChange&) = default;
};

/// One finding on one subject, as it is kept.
struct PostureFinding {
  std::string finding;  ///< the id of its kind
  FindingSubject subject;
  FindingState state = FindingState::kOpen;
  Evidence evidence;            ///< of the last time that it was seen open
  std::string reason;           ///< why it could not be looked at the last time; empty if it could
  std::int64_t first_seen = 0;  ///< open, or not evaluated if it never was; seconds since 1970
  std::int64_t last_seen = 0;   ///< the last time it was seen so
  bool was_open = false;        ///< it is, or has been
  std::uint64_t scan = 0;       ///< the last one that looked at its subject
  std::vector<StateChange> history;  ///< the oldest first, at most `kMostHistory`

  static constexpr std::size_t kMostHistory = 20;
};

}  // namespace directory

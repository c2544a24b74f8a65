// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/posture/finding.h"
#include "directory/posture/looks.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// A finding as people choose and read it.
struct FindingKind {
  std::string id;  ///< the title in lower case with hyphens
  std::string_view title;
  std::string_view category;
  Severity severity = Severity::kLow;
  std::string_view advice;  ///< what to do about it: one sentence
};

/// The 26 findings, in the order of the table. Immutable.
[[nodiscard]] std::span<const FindingKind> finding_kinds();

/// The kind of this id; null if there is none.
[[nodiscard]] const FindingKind* find_kind(std::string_view id);

/// What one look says of one finding.
struct Observation {
  const FindingKind* kind = nullptr;  ///< never null
  Judgement judgement;
};

/// What the look says of every finding that asks about such a look. `Look` is one of those in
/// predicates.h.
template <typename Look>
[[nodiscard]] std::vector<Observation> evaluate(const Look& look, const TenantContext& context);

/// That such a look could not be had: every finding that asks for one is unknown.
template <typename Look>
[[nodiscard]] std::vector<Observation> not_evaluated(const std::string& reason);

}  // namespace directory

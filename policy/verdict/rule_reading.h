// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/name/match.h"
#include "policy/verdict/rule.h"
#include "policy/verdict/word_set.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// More rules than that are an error: each is compared with all before it.
inline constexpr std::size_t kMaximumRules = 10'000;

/// The rules of the file's `rules`, checked one by one and against each other. A rule that names no
/// match is for `matches_on`. What it returns counts only if there was no error.
[[nodiscard]] std::vector<Rule> read_rules(MappingReader& file,
                                           const WordSet<Match>& matches_on,
                                           Problems& problems);

/// The conditions of a `when`.
[[nodiscard]] Conditions read_conditions(MappingReader& when, Problems& problems);

/// The action of a `then`.
[[nodiscard]] RuleAction read_action(MappingReader& then, Problems& problems);

/// The text of an error about a part of the language that this version does not carry out.
[[nodiscard]] std::string not_available(std::string_view what, std::string_view advice);

}  // namespace policy

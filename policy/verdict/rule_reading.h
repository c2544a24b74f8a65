// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/name/match.h"
#include "policy/verdict/address_patterns.h"
#include "policy/verdict/rule.h"
#include "policy/verdict/word_set.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// More rules than that are an error: each is compared with all before it.
inline constexpr std::size_t kMaximumRules = 10'000;

/// What rules may refer to.
struct RuleContext {
  const AddressLists& lists;
  WordSet<Match> matches_on;  ///< what a rule that names no match is for
};

/// The rules of the `rules` of `mapping`, checked one by one and against each other. What it
/// returns counts only if there was no error.
[[nodiscard]] std::vector<Rule> read_rules(MappingReader& mapping,
                                           const RuleContext& context,
                                           Problems& problems);

/// The conditions of a `when`.
[[nodiscard]] Conditions read_conditions(MappingReader& when,
                                         const AddressLists& lists,
                                         Problems& problems);

/// The action of a `then`.
[[nodiscard]] RuleAction read_action(MappingReader& then, Problems& problems);

/// The members of a list of named things (`rules`, `exceptions`); none if the key is absent or no
/// list of at most `most`.
[[nodiscard]] std::vector<YamlValue> read_named_items(MappingReader& mapping,
                                                      std::string_view key,
                                                      std::size_t most);

/// The `name` of such a thing; `noun` is what it is: "a rule".
[[nodiscard]] std::string read_name(MappingReader& item, std::string_view noun);

/// Tells of names that are given twice.
class NamesInUse {
 public:
  explicit NamesInUse(std::string_view noun) : noun_(noun) {}

  void add(const std::string& name, const Place& place, Problems& problems);

 private:
  std::string_view noun_;
  std::map<std::string, int> lines_;
};

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/rule_reading.h"

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/name/match.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/rule.h"
#include "policy/verdict/word_set.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace policy {
namespace {

constexpr std::size_t kMaximumNameOctets = 128;

std::string read_name(MappingReader& rule) {
  rule.require("name");
  auto name = rule.string("name");
  if (!name.has_value()) {
    return {};
  }
  if (name->empty() || name->size() > kMaximumNameOctets) {
    rule.error("name", "a rule's name must have 1 to 128 octets; name it for what it catches");
  } else if (visible_text(*name) != *name) {
    rule.error("name", "a rule's name must be visible text; remove hidden and control characters");
  }
  return *std::move(name);
}

Conditions read_when(MappingReader& rule, Problems& problems) {
  const auto value = rule.value("when");
  auto when = rule.mapping("when");
  if (!value.has_value() || !when.has_value()) {
    return {};
  }
  if (value->entries().empty()) {
    rule.error("when", "'when' has no condition; leave it out if the rule is for every finding");
  }
  return read_conditions(*when, problems);
}

Rule read_rule(const YamlValue& value, Problems& problems) {
  MappingReader reader{value, problems};
  Rule rule;
  rule.name = read_name(reader);
  rule.place = value.place();
  rule.when = read_when(reader, problems);
  reader.require("then");
  if (auto then = reader.mapping("then"); then.has_value()) {
    rule.then = read_action(*then, problems);
  }
  reader.finish();
  return rule;
}

void check_names(const std::vector<Rule>& rules, Problems& problems) {
  std::map<std::string_view, int> lines;
  for (const Rule& rule : rules) {
    const auto [first, is_new] = lines.try_emplace(rule.name, rule.place.line);
    if (!is_new && !rule.name.empty()) {
      problems.error(
          rule.place,
          fmt::format("a rule named {} begins in line {} already; give each its own name",
                      quoted_excerpt(rule.name),
                      first->second));
    }
  }
}

// A rule that an earlier one covers would never match, and whoever wrote it believes it does.
void check_reach(const std::vector<Rule>& rules, Problems& problems) {
  for (auto rule = rules.begin(); rule != rules.end(); ++rule) {
    const auto earlier = std::find_if(rules.begin(), rule, [&](const Rule& candidate) {
      return candidate.when.cover(rule->when);
    });
    if (earlier != rule) {
      problems.error(
          rule->place,
          fmt::format("the rule {} can never be reached: the rule {} in line {} matches all that "
                      "it would; move it up or remove it",
                      quoted_excerpt(rule->name),
                      quoted_excerpt(earlier->name),
                      earlier->place.line));
    }
  }
}

}  // namespace

std::vector<Rule> read_rules(MappingReader& file,
                             const WordSet<Match>& matches_on,
                             Problems& problems) {
  const auto value = file.value("rules");
  if (!value.has_value() || value->kind() == YamlValue::Kind::kNull) {
    return {};
  }
  if (value->kind() != YamlValue::Kind::kSequence) {
    file.error("rules", "'rules' must be a list; begin each rule with '- name:'");
    return {};
  }
  if (value->items().size() > kMaximumRules) {
    file.error("rules",
               "there are over 10,000 rules; list several things in one rule's conditions");
    return {};
  }
  Problems found;
  std::vector<Rule> rules;
  rules.reserve(value->items().size());
  for (const YamlValue& item : value->items()) {
    rules.push_back(read_rule(item, found));
    rules.back().when.matches_on = matches_on;
  }
  check_names(rules, found);
  // A condition that was refused is missing from its rule: what the rule covers is then unknown.
  if (!found.has_errors()) {
    check_reach(rules, found);
  }
  problems.append(found);
  return rules;
}

std::string not_available(std::string_view what, std::string_view advice) {
  return fmt::format("'{}' is not available in this version; {}", what, advice);
}

}  // namespace policy

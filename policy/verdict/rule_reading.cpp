// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/rule_reading.h"

#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/address_patterns.h"
#include "policy/verdict/rule.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace policy {
namespace {

constexpr std::size_t kMaximumNameOctets = 128;

Conditions read_when(MappingReader& rule, const AddressLists& lists, Problems& problems) {
  const auto value = rule.value("when");
  auto when = rule.mapping("when");
  if (!value.has_value() || !when.has_value()) {
    return {};
  }
  if (value->entries().empty()) {
    rule.error("when", "'when' has no condition; leave it out if the rule is for every finding");
  }
  return read_conditions(*when, lists, problems);
}

Rule read_rule(const YamlValue& value, const RuleContext& context, Problems& problems) {
  MappingReader reader{value, problems};
  Rule rule;
  rule.name = read_name(reader, "a rule");
  rule.place = value.place();
  rule.when = read_when(reader, context.lists, problems);
  rule.when.matches_on = context.matches_on;
  reader.require("then");
  if (auto then = reader.mapping("then"); then.has_value()) {
    rule.then = read_action(*then, problems);
  }
  reader.finish();
  return rule;
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

std::vector<Rule> read_rules(MappingReader& mapping,
                             const RuleContext& context,
                             Problems& problems) {
  const auto items = read_named_items(mapping, "rules", kMaximumRules);
  Problems found;
  std::vector<Rule> rules;
  rules.reserve(items.size());
  NamesInUse names{"a rule"};
  for (const YamlValue& item : items) {
    rules.push_back(read_rule(item, context, found));
    names.add(rules.back().name, rules.back().place, found);
  }
  // A condition that was refused is missing from its rule: what the rule covers is then unknown.
  if (!found.has_errors()) {
    check_reach(rules, found);
  }
  problems.append(found);
  return rules;
}

std::vector<YamlValue> read_named_items(MappingReader& mapping,
                                        std::string_view key,
                                        std::size_t most) {
  const auto value = mapping.value(key);
  if (!value.has_value() || value->kind() == YamlValue::Kind::kNull) {
    return {};
  }
  if (value->kind() != YamlValue::Kind::kSequence) {
    mapping.error(
        key, fmt::format("'{}' must be a list; begin each of its members with '- name:'", key));
    return {};
  }
  if (value->items().size() > most) {
    mapping.error(
        key,
        fmt::format("'{}' has over {} members; list several things in one of them", key, most));
    return {};
  }
  return value->items();
}

std::string read_name(MappingReader& item, std::string_view noun) {
  item.require("name");
  auto name = item.string("name");
  if (!name.has_value()) {
    return {};
  }
  if (name->empty() || name->size() > kMaximumNameOctets) {
    item.error(
        "name",
        fmt::format("{}'s name must have 1 to 128 octets; name it for what it catches", noun));
  } else if (visible_text(*name) != *name) {
    item.error(
        "name",
        fmt::format("{}'s name must be visible text; remove hidden and control characters", noun));
  }
  return *std::move(name);
}

void NamesInUse::add(const std::string& name, const Place& place, Problems& problems) {
  const auto [first, is_new] = lines_.try_emplace(name, place.line);
  if (!is_new && !name.empty()) {
    problems.error(place,
                   fmt::format("{} named {} begins in line {} already; give each its own name",
                               noun_,
                               quoted_excerpt(name),
                               first->second));
  }
}

}  // namespace policy

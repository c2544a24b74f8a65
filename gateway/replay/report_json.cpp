// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/replay_counts.h"
#include "gateway/replay/report.h"
#include "gateway/session/verdict.h"
#include "gateway/tools/verdict_json.h"
#include "policy/name/visible_text.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway {
namespace {

namespace json = boost::json;

json::value action_value(Outcome outcome) {
  json::value value = nullptr;
  if (outcome.has_value()) {
    value = word(*outcome);
  }
  return value;
}

json::array names_array(const std::vector<std::string>& names) {
  json::array array;
  for (const std::string& name : names) {
    array.push_back(json::string{name});
  }
  return array;
}

json::object actions_object(const CountByAction& counts) {
  json::object object;
  for (const auto& [action, messages] : counts) {
    object[word(action)] = messages;
  }
  return object;
}

json::object policy_object(const policy::Policy& policy, const PolicyCounts& counts) {
  json::object object;
  object["policy"] = policy.digest();
  object["mode"] = word(policy.mode());
  object["no_finding"] = counts.no_finding;
  object["finding"] = counts.finding;
  object["not_judged"] = counts.not_judged;
  const NeverMatched never = never_matched(policy, counts);
  object["never_matched"] = json::object{{"rules", names_array(never.rules)},
                                         {"exceptions", names_array(never.exceptions)},
                                         {"lists", names_array(never.lists)}};
  return object;
}

void add_rule(json::object& object,
              const char* key,
              const std::optional<RuleRow::UnderPolicy>& rule) {
  if (rule.has_value()) {
    json::object& under = object[key].emplace_object();
    under["action"] = word(rule->action);
    under["messages"] = rule->messages;
  }
}

json::array rules_array(const ReplayReport& report) {
  json::array rules;
  for (const RuleRow& row : rule_rows(report)) {
    json::object object;
    object["rule"] = nullptr;
    if (!row.rule.empty()) {
      object["rule"] = row.rule;
    }
    add_rule(object, "in_force", row.in_force);
    add_rule(object, "candidate", row.candidate);
    rules.push_back(std::move(object));
  }
  return rules;
}

json::array people_array(const ReplayReport& report) {
  json::array people;
  for (const auto* entry : ranked_people(report.counts)) {
    const auto& [person, counts] = *entry;
    json::object object;
    object["person"] = policy::visible_text(person.name);
    object["organization"] = person.organization;
    object["in_force"] = actions_object(counts.in_force);
    if (report.candidate != nullptr) {
      object["candidate"] = actions_object(counts.candidate);
    }
    people.push_back(std::move(object));
  }
  return people;
}

json::array differences_array(const ReplayCounts& counts) {
  json::array differences;
  for (const auto& [outcomes, difference] : counts.differences) {
    json::object object;
    object["in_force"] = action_value(outcomes.first);
    object["candidate"] = action_value(outcomes.second);
    object["messages"] = difference.messages;
    differences.push_back(std::move(object));
  }
  return differences;
}

}  // namespace

std::string report_as_json(const ReplayReport& report) {
  const ReplayCounts& counts = report.counts;
  json::object object;
  object["type"] = "summary";
  object["generation"] = report.generation;
  object["messages"] = counts.messages;
  object["cut_headers"] = counts.cut_headers;
  object["not_read"] = counts.not_read;
  object["passed_over"] = counts.passed_over;
  object["in_force"] = policy_object(report.in_force, counts.in_force);
  if (report.candidate != nullptr) {
    object["candidate"] = policy_object(*report.candidate, counts.candidate);
    object["differences"] = differences_array(counts);
  }
  object["rules"] = rules_array(report);
  object["people"] = people_array(report);
  return json::serialize(object);
}

std::string difference_as_json(const ReplayedMessage& message) {
  json::object object;
  object["type"] = "difference";
  object["path"] = policy::visible_text(message.path.native());
  if (message.number > 0) {
    object["message"] = message.number;
  }
  object["message_id"] = policy::visible_text(message.message.message_id);
  object["from"] = policy::visible_text(message.message.from);
  object["mail_from"] = policy::visible_text(message.message.mail_from);
  std::string text = json::serialize(object);
  // The verdicts come as texts, so that no type of the JSON library stands between two rooms.
  text.pop_back();
  text += ",\"in_force\":" + verdict_as_json(message.in_force);
  if (const std::optional<Verdict>& candidate = message.candidate; candidate.has_value()) {
    text += ",\"candidate\":" + verdict_as_json(*candidate);
  }
  return text + '}';
}

}  // namespace gateway

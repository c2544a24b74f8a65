// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/plan.h"

#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/exchange_objects.h"
#include "directory/exchange/object_values.h"
#include "policy/digest.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;

constexpr std::size_t kIdDigits = 16;

bool has_name(const ExchangeObject& object, std::string_view name) {
  return is_same_value("Name", json::string(object.name), json::string(name));
}

// How an object that stands in the way came to be, for people.
std::string maker_of(const ExchangeObject& object) {
  if (text_of(object, "ConnectorSource") == "hybridwizard") {
    return "the Hybrid Configuration wizard made";
  }
  return marked_id(object.comment).empty() ? "fromguard did not make"
                                           : "another installation of fromguard made";
}

std::string taken_name(const ExchangeObject& object) {
  return fmt::format(
      "there is a {} '{}' that {}; rename or remove it in the Exchange admin center, then plan "
      "again",
      noun_of(object.kind),
      object.name,
      maker_of(object));
}

std::vector<PropertyChange> differences(const DesiredObject& desired,
                                        const ExchangeObject& present) {
  std::vector<PropertyChange> changes;
  if (!has_name(present, desired.name)) {
    changes.push_back(
        {.property = "Name", .from = json::string(present.name), .to = json::string(desired.name)});
  }
  for (const auto& [property, wanted] : desired.properties) {
    const json::value* found = present.properties.if_contains(property);
    const json::value is = found == nullptr ? json::value(nullptr) : *found;
    // What Exchange leaves out is off.
    const bool is_off = found == nullptr && wanted == json::value(false);
    if (!is_off && !is_same_value(property, is, wanted)) {
      changes.push_back({.property = std::string{property}, .from = is, .to = wanted});
    }
  }
  return changes;
}

// What of a kind concerns one desired object.
struct Candidates {
  std::vector<const ExchangeObject*> ours;
  const ExchangeObject* namesake = nullptr;  // of somebody else
};

Candidates candidates_for(const DesiredObject& desired,
                          const std::vector<ExchangeObject>& objects) {
  Candidates found;
  for (const ExchangeObject& object : objects) {
    if (object.kind != desired.kind) {
      continue;
    }
    if (mark_of(marked_id(object.comment)) == desired.mark) {
      found.ours.push_back(&object);
    } else if (has_name(object, desired.name)) {
      found.namesake = &object;
    }
  }
  return found;
}

// Why a person must see to it first; empty if none must.
std::string conflict_of(const PlannedObject& planned, const Candidates& found) {
  if (found.ours.size() > 1) {
    return fmt::format(
        "'{}' and '{}' both carry the mark of one object; remove one of them in the Exchange admin "
        "center, then plan again",
        found.ours.front()->name,
        found.ours.back()->name);
  }
  const bool takes_name =
      planned.action == PlanAction::kCreate || planned.action == PlanAction::kChange;
  return found.namesake != nullptr && takes_name ? taken_name(*found.namesake) : std::string{};
}

PlanAction action_on_ours(const DesiredObject& desired, bool differs) {
  if (!desired.is_wanted) {
    return PlanAction::kRemove;
  }
  return differs ? PlanAction::kChange : PlanAction::kLeave;
}

PlannedObject plan_object(DesiredObject desired, const std::vector<ExchangeObject>& objects) {
  PlannedObject planned;
  const Candidates found = candidates_for(desired, objects);
  if (!found.ours.empty()) {
    planned.identity = found.ours.front()->identity;
    if (desired.is_wanted) {
      planned.changes = differences(desired, *found.ours.front());
    }
    planned.action = action_on_ours(desired, !planned.changes.empty());
  } else if (desired.is_wanted) {
    planned.action = PlanAction::kCreate;
  }
  planned.reason = conflict_of(planned, found);
  if (!planned.reason.empty()) {
    planned.action = PlanAction::kConflict;
  }
  planned.desired = std::move(desired);
  return planned;
}

std::string id_of(const ExchangePlan& plan) {
  policy::Sha256 digest;
  for (const PlannedObject& planned : plan.objects) {
    json::object object{{"role", word_of(planned.desired.role)},
                        {"mark", planned.desired.mark},
                        {"action", word_of(planned.action)},
                        {"identity", planned.identity},
                        {"properties", planned.desired.properties}};
    json::array& changes = object["changes"].emplace_array();
    for (const PropertyChange& change : planned.changes) {
      changes.emplace_back(json::object{{change.property, change.from}});
    }
    digest.update(json::serialize(object));
  }
  return digest.hex().substr(0, kIdDigits);
}

// Exchange takes an empty list or text as the wish to clear; at creation there is nothing to clear.
bool is_empty(const json::value& value) {
  return canonical_value("", value).empty();
}

void put_comment(json::object& parameters, const DesiredObject& desired) {
  const bool is_rule = desired.kind == ExchangeKind::kTransportRule;
  parameters[is_rule ? "Comments" : "Comment"] = desired.mark;
}

std::string cmdlet_name(std::string_view verb, ExchangeKind kind) {
  return fmt::format("{}-{}", verb, noun_of(kind));
}

Cmdlet creation(const DesiredObject& desired) {
  json::object parameters{{"Name", desired.name}};
  for (const auto& [property, value] : desired.properties) {
    if (!is_empty(value)) {
      parameters[property] = value;
    }
  }
  put_comment(parameters, desired);
  parameters["Confirm"] = false;
  return {.name = cmdlet_name("New", desired.kind), .parameters = std::move(parameters)};
}

// What a Set- cmdlet takes to clear a property.
json::value clearing(const json::value& value) {
  return is_empty(value) ? json::value(nullptr) : value;
}

std::vector<Cmdlet> changing(const PlannedObject& planned) {
  const ExchangeKind kind = planned.desired.kind;
  json::object parameters{{"Identity", planned.identity}};
  std::vector<Cmdlet> cmdlets;
  for (const PropertyChange& change : planned.changes) {
    const bool is_switch = kind == ExchangeKind::kTransportRule && change.property == "Enabled";
    if (is_switch) {
      const std::string_view verb = change.to == json::value(true) ? "Enable" : "Disable";
      cmdlets.push_back(
          {.name = cmdlet_name(verb, kind),
           .parameters = json::object{{"Identity", planned.identity}, {"Confirm", false}}});
    } else {
      parameters[change.property] = clearing(change.to);
    }
  }
  if (parameters.size() > 1) {
    parameters["Confirm"] = false;
    cmdlets.insert(cmdlets.begin(),
                   {.name = cmdlet_name("Set", kind), .parameters = std::move(parameters)});
  }
  return cmdlets;
}

int removal_rank(ExchangeRole role) {
  switch (role) {
    case ExchangeRole::kBypass: return 1;
    case ExchangeRole::kOutbound: return 2;
    case ExchangeRole::kTenantMark: return 3;
    case ExchangeRole::kInbound: return 4;
  }
  return 0;
}

}  // namespace

std::string_view word_of(PlanAction action) {
  switch (action) {
    case PlanAction::kCreate: return "create";
    case PlanAction::kChange: return "change";
    case PlanAction::kLeave: return "leave";
    case PlanAction::kRemove: return "remove";
    case PlanAction::kConflict: return "conflict";
  }
  return {};
}

bool ExchangePlan::has_conflict() const {
  return std::ranges::find(objects, PlanAction::kConflict, &PlannedObject::action) != objects.end();
}

bool ExchangePlan::is_fulfilled() const {
  return std::ranges::all_of(
      objects, [](const PlannedObject& each) { return each.action == PlanAction::kLeave; });
}

ExchangePlan make_plan(std::vector<DesiredObject> desired, const ExchangeInventory& inventory) {
  ExchangePlan plan;
  for (DesiredObject& each : desired) {
    plan.objects.push_back(plan_object(std::move(each), inventory.objects));
  }
  plan.id = id_of(plan);
  return plan;
}

std::vector<Cmdlet> cmdlets_for(const PlannedObject& planned) {
  switch (planned.action) {
    case PlanAction::kCreate: return {creation(planned.desired)};
    case PlanAction::kChange: return changing(planned);
    case PlanAction::kRemove:
      return {{.name = cmdlet_name("Remove", planned.desired.kind),
               .parameters = json::object{{"Identity", planned.identity}, {"Confirm", false}}}};
    case PlanAction::kLeave:
    case PlanAction::kConflict: return {};
  }
  return {};
}

std::vector<PlannedObject> in_order_of_work(const ExchangePlan& plan) {
  std::vector<PlannedObject> ordered = plan.objects;
  std::ranges::stable_sort(ordered, {}, [](const PlannedObject& each) {
    return each.action == PlanAction::kRemove ? removal_rank(each.desired.role) : 0;
  });
  return ordered;
}

}  // namespace directory

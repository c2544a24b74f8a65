// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/exchange_cmdlet_run.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/exchange_binding.h"
#include "tests/support/microsoft/exchange_checks.h"
#include "tests/support/microsoft/exchange_cmdlets.h"
#include "tests/support/microsoft/exchange_error.h"
#include "tests/support/microsoft/exchange_objects.h"
#include "tests/support/microsoft/exchange_records.h"
#include "tests/support/microsoft/exchange_state.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/tenant.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

using Outcome = std::expected<CmdletOutcome, ExchangeError>;

// A cmdlet at work.
struct Run {
  World* world;
  Site* site;
  const Cmdlet* cmdlet;
  json::object parameters;

  [[nodiscard]] ExchangeObjects& objects() const { return site->exchange.objects; }
};

bool is_true(const json::object& values, std::string_view name) {
  const json::value* value = values.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::string now_of(const World& world) {
  return world.clock.graph_time() + 'Z';
}

// What is cleared reads back as what nobody has set.
void write(ExchangeKind kind, json::object& properties, const json::object& given) {
  const json::object defaults = default_properties(kind);
  for (const auto& [name, value] : given) {
    const bool is_option =
        name == "Identity" || name == "Confirm" || name == "Priority" || name == "BypassValidation";
    if (is_option) {
      continue;
    }
    const bool is_cleared = value.is_null() || (value.is_array() && value.get_array().empty());
    const json::value* usual = is_cleared ? defaults.if_contains(name) : nullptr;
    properties[name] = usual == nullptr ? value : *usual;
  }
}

std::optional<std::size_t> given_priority(const Run& run) {
  const json::value* value = run.parameters.if_contains("Priority");
  return value == nullptr ? std::nullopt
                          : std::optional{static_cast<std::size_t>(value->get_int64())};
}

// Rules stand without gaps: there are `count` places for one.
std::expected<void, ExchangeError> check_priority(const Run& run, std::size_t count) {
  const auto priority = given_priority(run);
  if (priority.has_value() && *priority >= count) {
    return std::unexpected{validation_error("There is no such Priority: it is at most " +
                                            std::to_string(count - 1) + '.')};
  }
  return {};
}

json::object record_in(const Run& run, const ExchangeObject& object) {
  if (object.kind != ExchangeKind::kRule) {
    return record_of(object);
  }
  const bool has_texts = run.site->exchange.reads_of_rules % 2 == 1;
  return rule_record_of(object, run.objects().priority_of(object.guid), has_texts);
}

Outcome create(Run& run) {
  const ExchangeKind kind = run.cmdlet->kind;
  const std::string name{text_of(run.parameters, "Name")};
  if (run.objects().find(kind, name) != nullptr) {
    return std::unexpected{already_exists(name)};
  }
  ExchangeObject object{
      .kind = kind, .guid = run.world->random.uuid(), .properties = default_properties(kind)};
  json::object given = run.parameters;
  if (kind == ExchangeKind::kRule) {
    const json::value* enabled = given.if_contains("Enabled");
    object.properties["State"] = enabled == nullptr || enabled->get_bool() ? "Enabled" : "Disabled";
    given.erase("Enabled");
  }
  write(kind, object.properties, given);
  const auto checked = check_draft(
      run.objects(), {.kind = kind, .properties = &object.properties, .given = &run.parameters});
  if (!checked.has_value()) {
    return std::unexpected{checked.error()};
  }
  if (const auto place = check_priority(run, run.objects().list(ExchangeKind::kRule).size() + 1);
      !place.has_value()) {
    return std::unexpected{place.error()};
  }
  object.properties["WhenCreatedUTC"] = now_of(*run.world);
  object.properties["WhenChangedUTC"] = now_of(*run.world);
  object.writes = 1;
  const ExchangeObject& made = run.objects().add(std::move(object), given_priority(run));
  CmdletOutcome outcome;
  outcome.records.emplace_back(record_in(run, made));
  return outcome;
}

Outcome change(Run& run, ExchangeObject& object) {
  const std::string_view name = text_of(run.parameters, "Name");
  const ExchangeObject* namesake = name.empty() ? nullptr : run.objects().find(object.kind, name);
  if (namesake != nullptr && namesake != &object) {
    return std::unexpected{already_exists(name)};
  }
  json::object properties = object.properties;
  write(object.kind, properties, run.parameters);
  const auto checked = check_draft(
      run.objects(), {.kind = object.kind, .properties = &properties, .given = &run.parameters});
  if (!checked.has_value()) {
    return std::unexpected{checked.error()};
  }
  if (const auto place = check_priority(run, run.objects().list(ExchangeKind::kRule).size());
      !place.has_value()) {
    return std::unexpected{place.error()};
  }
  CmdletOutcome outcome{.records = {}, .has_no_value = true, .warnings = {}};
  if (properties == object.properties && !given_priority(run).has_value()) {
    outcome.warnings.emplace_back("The command changed no settings of the object.");
  }
  properties["WhenChangedUTC"] = now_of(*run.world);
  object.properties = std::move(properties);
  ++object.writes;
  if (const auto priority = given_priority(run); priority.has_value()) {
    const std::string guid = object.guid;
    run.objects().move_rule(guid, *priority);
  }
  return outcome;
}

Outcome switch_rule(const Run& run, ExchangeObject& rule) {
  rule.properties["State"] = run.cmdlet->verb == Verb::kEnable ? "Enabled" : "Disabled";
  write(rule.kind, rule.properties, run.parameters);
  rule.properties["WhenChangedUTC"] = now_of(*run.world);
  ++rule.writes;
  return CmdletOutcome{.records = {}, .has_no_value = true, .warnings = {}};
}

Outcome remove(const Run& run, const ExchangeObject& object) {
  const std::string guid = object.guid;
  run.objects().remove(guid);
  return CmdletOutcome{.records = {}, .has_no_value = true, .warnings = {}};
}

// A cmdlet that changes an object that is there.
Outcome touch(Run& run) {
  const std::string_view identity = text_of(run.parameters, "Identity");
  ExchangeObject* object = run.objects().find(run.cmdlet->kind, identity);
  if (object == nullptr) {
    return std::unexpected{object_not_found(identity)};
  }
  const json::value* confirm = run.parameters.if_contains("Confirm");
  const bool is_confirmed = confirm != nullptr && !confirm->get_bool();
  const bool asks = run.cmdlet->verb == Verb::kRemove || run.cmdlet->verb == Verb::kDisable;
  if ((asks && !is_confirmed) || is_true(run.parameters, "Confirm")) {
    return std::unexpected{unconfirmed(run.cmdlet->name)};
  }
  switch (run.cmdlet->verb) {
    case Verb::kSet: return change(run, *object);
    case Verb::kRemove: return remove(run, *object);
    default: return switch_rule(run, *object);
  }
}

// Connectors that only rules use stand in a list of their own; those in test mode are told only to
// who asks for them.
bool is_hidden(const Run& run, const ExchangeObject& object) {
  if (object.kind != ExchangeKind::kOutbound) {
    return false;
  }
  return is_true(object.properties, "IsTransportRuleScoped") !=
             is_true(run.parameters, "IsTransportRuleScoped") ||
         (is_true(object.properties, "TestMode") &&
          !is_true(run.parameters, "IncludeTestModeConnectors"));
}

// The tenant's own domains, and those that a test has added or changed.
std::vector<ExchangeObject> accepted_domains(const Run& run) {
  std::vector<ExchangeObject> domains;
  for (const Domain& domain : run.site->tenant.domains) {
    if (domain.is_verified &&
        run.objects().find(ExchangeKind::kAcceptedDomain, domain.name) == nullptr) {
      domains.push_back(accepted_domain_of(domain));
    }
  }
  for (const ExchangeObject* domain : run.objects().list(ExchangeKind::kAcceptedDomain)) {
    domains.push_back(*domain);
  }
  return domains;
}

std::vector<ExchangeObject> organization_config(const Run& run) {
  const auto seeded = run.objects().list(ExchangeKind::kOrganizationConfig);
  if (!seeded.empty()) {
    return {*seeded.front()};
  }
  ExchangeObject config{.kind = ExchangeKind::kOrganizationConfig,
                        .guid = run.site->tenant.id,
                        .properties = default_properties(ExchangeKind::kOrganizationConfig)};
  config.properties["Name"] = run.site->tenant.display_name;
  return {config};
}

std::vector<ExchangeObject> visible_objects(const Run& run) {
  if (run.cmdlet->kind == ExchangeKind::kAcceptedDomain) {
    return accepted_domains(run);
  }
  if (run.cmdlet->kind == ExchangeKind::kOrganizationConfig) {
    return organization_config(run);
  }
  std::vector<ExchangeObject> objects;
  for (const ExchangeObject* object : run.objects().list(run.cmdlet->kind)) {
    const std::string_view state = text_of(run.parameters, "State");
    if (!is_hidden(run, *object) &&
        (state.empty() || state == text_of(object->properties, "State"))) {
      objects.push_back(*object);
    }
  }
  return objects;
}

// Only the object of this identity. For connectors, none of it is all.
std::expected<std::vector<ExchangeObject>, ExchangeError> chosen(
    const Run& run, std::vector<ExchangeObject> objects) {
  const std::string_view identity = text_of(run.parameters, "Identity");
  if (identity.empty()) {
    return objects;
  }
  const std::string wanted = lower_case(identity);
  for (const ExchangeObject& object : objects) {
    if (lower_case(object.guid) == wanted ||
        lower_case(text_of(object.properties, "Name")) == wanted) {
      return std::vector<ExchangeObject>{object};
    }
  }
  if (run.cmdlet->kind == ExchangeKind::kInbound || run.cmdlet->kind == ExchangeKind::kOutbound) {
    return objects;
  }
  return std::unexpected{object_not_found(identity)};
}

Outcome read(const Run& run) {
  const auto objects = chosen(run, visible_objects(run));
  if (!objects.has_value()) {
    return std::unexpected{objects.error()};
  }
  if (run.cmdlet->kind == ExchangeKind::kRule) {
    ++run.site->exchange.reads_of_rules;
  }
  const json::value* maximum = run.parameters.if_contains("ResultSize");
  CmdletOutcome outcome;
  for (const ExchangeObject& object : *objects) {
    if (maximum != nullptr && maximum->is_int64() &&
        static_cast<std::int64_t>(outcome.records.size()) >= maximum->get_int64()) {
      outcome.warnings.emplace_back("There are more results than these.");
      break;
    }
    json::object record = record_in(run, object);
    if (is_true(run.parameters, "ExcludeConditionActionDetails")) {
      record.erase("Conditions");
      record.erase("Exceptions");
      record.erase("Actions");
    }
    outcome.records.emplace_back(std::move(record));
  }
  return outcome;
}

}  // namespace

std::expected<CmdletOutcome, ExchangeError> run_cmdlet(World& world,
                                                       Site& site,
                                                       const Cmdlet& cmdlet,
                                                       const json::object& parameters) {
  auto bound = bind_parameters(cmdlet, parameters);
  if (!bound.has_value()) {
    return std::unexpected{std::move(bound.error())};
  }
  Run run{.world = &world, .site = &site, .cmdlet = &cmdlet, .parameters = std::move(*bound)};
  switch (cmdlet.verb) {
    case Verb::kGet: return read(run);
    case Verb::kNew: return create(run);
    default: return touch(run);
  }
}

}  // namespace tests::microsoft

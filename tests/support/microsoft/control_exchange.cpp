// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/control_exchange.h"

#include "tests/support/microsoft/control_fields.h"
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/exchange_objects.h"
#include "tests/support/microsoft/exchange_records.h"
#include "tests/support/microsoft/exchange_state.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace tests::microsoft {
namespace {

ExchangeState& exchange_of(World& world) {
  return world.sites.front()->exchange;
}

// What the service makes of the other properties, and says of itself.
bool is_derived(std::string_view name) {
  return name.find('@') != std::string_view::npos || name == "Guid" || name == "IsValid" ||
         name == "Identity" || name == "Priority" || name == "RuleIdentity" ||
         name == "Conditions" || name == "Exceptions" || name == "Actions" || name == "Description";
}

void set_properties(json::object& target, const json::object& given) {
  for (const auto& [key, value] : given) {
    if (!is_derived({key.data(), key.size()})) {
      target[key] = value;
    }
  }
  if (!target.contains("Name") && target.contains("DomainName")) {
    target["Name"] = target.at("DomainName");
  }
}

std::optional<std::size_t> priority_in(const json::object& properties) {
  const json::value* value = properties.if_contains("Priority");
  return value == nullptr ? std::nullopt : std::optional{value->to_number<std::size_t>()};
}

// The object that a test means to change: of the same GUID, or the only one of its kind.
ExchangeObject* object_to_change(ExchangeObjects& objects,
                                 ExchangeKind kind,
                                 std::string_view guid) {
  if (kind != ExchangeKind::kOrganizationConfig) {
    return guid.empty() ? nullptr : objects.find(kind, guid);
  }
  const auto configs = objects.list(kind);
  return configs.empty() ? nullptr : objects.find(kind, configs.front()->guid);
}

ExchangeObject& new_object(World& world, ExchangeKind kind, const json::object& properties) {
  const std::string_view guid = text_of(properties, "Guid");
  ExchangeObject object{.kind = kind,
                        .guid = guid.empty() ? world.random.uuid() : std::string{guid},
                        .properties = default_properties(kind),
                        .writes = 0,
                        .is_seeded = true};
  const std::string now = world.clock.graph_time() + 'Z';
  object.properties["WhenCreatedUTC"] = now;
  object.properties["WhenChangedUTC"] = now;
  if (kind == ExchangeKind::kOrganizationConfig) {
    object.properties["Name"] = world.sites.front()->tenant.display_name;
  }
  set_properties(object.properties, properties);
  if (text_of(object.properties, "Name").empty()) {
    throw std::invalid_argument{"the object has no Name"};
  }
  return exchange_of(world).objects.add(std::move(object), priority_in(properties));
}

}  // namespace

json::object seed_exchange_object(World& world, ControlFields& fields) {
  const auto kind = exchange_kind_named(fields.text("kind").value_or(""));
  const auto given = fields.value("properties");
  if (!kind.has_value() || !given.has_value()) {
    throw std::invalid_argument{"an object has a kind and properties"};
  }
  const json::object& properties = given->as_object();
  ExchangeObjects& objects = exchange_of(world).objects;
  json::object answer;
  ExchangeObject* object = object_to_change(objects, *kind, text_of(properties, "Guid"));
  if (object == nullptr) {
    answer["guid"] = new_object(world, *kind, properties).guid;
    return answer;
  }
  set_properties(object->properties, properties);
  const std::string guid = object->guid;
  if (const auto priority = priority_in(properties);
      priority.has_value() && *kind == ExchangeKind::kRule) {
    objects.move_rule(guid, *priority);
  }
  answer["guid"] = guid;
  return answer;
}

json::object remove_exchange_objects(World& world, ControlFields& fields) {
  ExchangeObjects& objects = exchange_of(world).objects;
  const auto guid = fields.text("guid");
  if (!guid.has_value()) {
    objects.clear();
    return {};
  }
  if (std::ranges::find(objects.all(), *guid, &ExchangeObject::guid) == objects.all().end()) {
    throw std::invalid_argument{"no object has the guid " + *guid};
  }
  objects.remove(*guid);
  return {};
}

json::object set_exchange_roles(World& world, ControlFields& fields) {
  ExchangeState& exchange = exchange_of(world);
  exchange.has_directory_role = fields.flag("directory_role").value_or(exchange.has_directory_role);
  exchange.management_roles = fields.texts("management_roles").value_or(exchange.management_roles);
  return {};
}

json::object set_exchange_pages(World& world, ControlFields& fields) {
  ExchangeState& exchange = exchange_of(world);
  fields.count("size", exchange.page_size);
  exchange.are_pages_expired = fields.flag("expired").value_or(exchange.are_pages_expired);
  return {};
}

json::object read_exchange_objects(const ExchangeState& exchange) {
  json::array all;
  for (const ExchangeObject& object : exchange.objects.all()) {
    json::object told;
    told["kind"] = word_of(object.kind);
    told["guid"] = object.guid;
    told["properties"] = object.properties;
    told["writes"] = object.writes;
    told["seeded"] = object.is_seeded;
    told["untouched"] = object.is_seeded && object.writes == 0;
    if (object.kind == ExchangeKind::kRule) {
      told["priority"] = exchange.objects.priority_of(object.guid);
    }
    all.push_back(std::move(told));
  }
  json::object answer;
  answer["objects"] = std::move(all);
  return answer;
}

}  // namespace tests::microsoft

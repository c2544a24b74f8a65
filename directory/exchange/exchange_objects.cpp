// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/exchange_objects.h"

#include "directory/exchange/cmdlet.h"
#include "directory/exchange/object_values.h"
#include "directory/task.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <expected>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

template <typename T>
using Read = std::expected<T, CmdletFailure>;

constexpr std::array kKinds{ExchangeKind::kInboundConnector,
                            ExchangeKind::kOutboundConnector,
                            ExchangeKind::kTransportRule};

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

ExchangeObject make_object(ExchangeKind kind, json::object properties) {
  ExchangeObject object;
  object.kind = kind;
  object.name = text_in(properties, "Name");
  object.identity = text_in(properties, "Guid");
  if (object.identity.empty()) {
    object.identity = object.name;
  }
  const bool is_rule = kind == ExchangeKind::kTransportRule;
  object.comment = text_in(properties, is_rule ? "Comments" : "Comment");
  if (is_rule) {
    properties["Enabled"] = text_in(properties, "State") == "Enabled";
  }
  object.properties = std::move(properties);
  return object;
}

// The questions whose answers together are all objects of a kind.
std::vector<json::object> questions_for(ExchangeKind kind) {
  switch (kind) {
    case ExchangeKind::kInboundConnector: return {json::object{}};
    case ExchangeKind::kOutboundConnector:
      return {json::object{},
              json::object{{"IsTransportRuleScoped", true}},
              json::object{{"IncludeTestModeConnectors", true}},
              json::object{{"IsTransportRuleScoped", true}, {"IncludeTestModeConnectors", true}}};
    case ExchangeKind::kTransportRule: return {json::object{{"ResultSize", "Unlimited"}}};
  }
  return {};
}

void add_once(std::vector<ExchangeObject>& objects, ExchangeObject object) {
  if (std::ranges::find(objects, object.identity, &ExchangeObject::identity) == objects.end()) {
    objects.push_back(std::move(object));
  }
}

}  // namespace

std::string_view noun_of(ExchangeKind kind) {
  switch (kind) {
    case ExchangeKind::kInboundConnector: return "InboundConnector";
    case ExchangeKind::kOutboundConnector: return "OutboundConnector";
    case ExchangeKind::kTransportRule: return "TransportRule";
  }
  return {};
}

bool is_true(const ExchangeObject& object, std::string_view property) {
  return text_of(object, property) == "true";
}

std::vector<std::string> list_of(const ExchangeObject& object, std::string_view property) {
  std::vector<std::string> members;
  const json::value* found = object.properties.if_contains(property);
  const json::array* list = found == nullptr ? nullptr : found->if_array();
  if (list == nullptr) {
    return members;
  }
  for (const json::value& each : *list) {
    members.push_back(canonical_value(property, each));
  }
  return members;
}

std::string text_of(const ExchangeObject& object, std::string_view property) {
  const json::value* found = object.properties.if_contains(property);
  return found == nullptr ? std::string{} : canonical_value(property, *found);
}

Task<Read<std::vector<ExchangeObject>>> list_objects(CmdletInvoker& exchange, ExchangeKind kind) {
  std::vector<ExchangeObject> objects;
  for (json::object& question : questions_for(kind)) {
    Cmdlet cmdlet{.name = "Get-" + std::string{noun_of(kind)}, .parameters = std::move(question)};
    auto answered = co_await exchange.invoke(std::move(cmdlet));
    if (!answered.has_value()) {
      co_return std::unexpected{std::move(answered).error()};
    }
    for (json::object& properties : *answered) {
      add_once(objects, make_object(kind, std::move(properties)));
    }
  }
  co_return objects;
}

Task<Read<ExchangeInventory>> read_inventory(CmdletInvoker& exchange) {
  ExchangeInventory inventory;
  for (const ExchangeKind kind : kKinds) {
    auto listed = co_await list_objects(exchange, kind);
    if (!listed.has_value()) {
      co_return std::unexpected{std::move(listed).error()};
    }
    std::ranges::move(*listed, std::back_inserter(inventory.objects));
  }
  Cmdlet domains{.name = "Get-AcceptedDomain",
                 .parameters = json::object{{"ResultSize", "Unlimited"}}};
  const auto accepted = co_await exchange.invoke(std::move(domains));
  if (!accepted.has_value()) {
    co_return std::unexpected{accepted.error()};
  }
  for (const json::object& each : *accepted) {
    inventory.domains.push_back(
        {.name = text_in(each, "DomainName"), .type = text_in(each, "DomainType")});
  }
  Cmdlet organization{.name = "Get-OrganizationConfig", .parameters = {}};
  const auto configured = co_await exchange.invoke(std::move(organization));
  if (!configured.has_value()) {
    co_return std::unexpected{configured.error()};
  }
  for (const json::object& each : *configured) {
    const json::value* rejected = each.if_contains("RejectDirectSend");
    inventory.is_direct_send_rejected =
        rejected != nullptr && canonical_value("RejectDirectSend", *rejected) == "true";
  }
  co_return inventory;
}

}  // namespace directory

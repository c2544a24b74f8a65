// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/connector_json.h"

#include "directory/exchange/desired_state.h"
#include "directory/exchange/exchange_objects.h"
#include "directory/exchange/plan.h"
#include "directory/provisioning/connector_control.h"
#include "directory/store/directory_key.h"
#include "directory/store/provisioning_records.h"
#include "policy/name/visible_text.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

json::value visible(const json::value& value);

json::array visible_members(const json::array& list) {
  json::array members;
  for (const json::value& each : list) {
    members.push_back(visible(each));
  }
  return members;
}

// What is read from the tenant may be anybody's words.
json::value visible(const json::value& value) {
  if (const json::string* text = value.if_string(); text != nullptr) {
    return json::string(policy::visible_text(*text));
  }
  if (const json::array* list = value.if_array(); list != nullptr) {
    return visible_members(*list);
  }
  return value;
}

json::value shown(std::string_view property, const json::value& value) {
  const bool is_secret = property == "SetHeaderValue" && !value.is_null();
  return is_secret ? json::value(json::string("(secret)")) : visible(value);
}

json::array changes_of(const PlannedObject& planned) {
  json::array changes;
  for (const PropertyChange& change : planned.changes) {
    changes.emplace_back(json::object{{"property", change.property},
                                      {"from", shown(change.property, change.from)},
                                      {"to", shown(change.property, change.to)}});
  }
  return changes;
}

json::object to_json(const PlannedObject& planned) {
  json::object properties;
  for (const auto& [property, value] : planned.desired.properties) {
    properties[property] = shown(property, value);
  }
  return {{"name", planned.desired.name},
          {"kind", noun_of(planned.desired.kind)},
          {"role", word_of(planned.desired.role)},
          {"action", word_of(planned.action)},
          {"identity", policy::visible_text(planned.identity)},
          {"reason", policy::visible_text(planned.reason)},
          {"changes", changes_of(planned)},
          {"properties", std::move(properties)}};
}

// What is not there and should not be is not worth a word.
bool is_worth_telling(const PlannedObject& planned) {
  return planned.desired.is_wanted || planned.action != PlanAction::kLeave;
}

}  // namespace

json::object to_json(const DirectoryKey& key, const PlanReport& report) {
  json::array objects;
  for (const PlannedObject& each : report.plan.objects) {
    if (is_worth_telling(each)) {
      objects.emplace_back(to_json(each));
    }
  }
  json::array warnings;
  for (const PlanWarning& each : report.plan.warnings) {
    warnings.emplace_back(
        json::object{{"what", each.what}, {"text", policy::visible_text(each.text)}});
  }
  json::array others;
  for (const std::string& each : report.inbound_connectors) {
    others.emplace_back(policy::visible_text(each));
  }
  return {{"id", report.plan.id},
          {"organization", key.organization},
          {"directory", key.directory},
          {"fulfilled", report.plan.is_fulfilled()},
          {"objects", std::move(objects)},
          {"warnings", std::move(warnings)},
          {"other_inbound_connectors", std::move(others)}};
}

json::object to_json(const ConnectorStanding& standing) {
  const ProvisioningRecord& record = standing.record;
  return {{"organization", standing.key.organization},
          {"directory", standing.key.directory},
          {"applied", record.is_applied},
          {"inbound_enabled", record.is_inbound_enabled},
          {"locked", record.is_locked},
          {"outbound_enabled", record.is_outbound_enabled},
          {"last_applied", record.applied},
          {"last_verified", record.verified},
          {"drift", policy::visible_text(record.drift)}};
}

json::object to_json(const std::vector<Requirement>& requirements) {
  json::array list;
  for (const Requirement& each : requirements) {
    list.emplace_back(json::object{{"what", each.what},
                                   {"subject", each.subject},
                                   {"met", each.is_met},
                                   {"text", policy::visible_text(each.text)}});
  }
  const bool is_all_met =
      std::ranges::all_of(requirements, [](const Requirement& each) { return each.is_met; });
  return {{"met", is_all_met}, {"requirements", std::move(list)}};
}

}  // namespace directory

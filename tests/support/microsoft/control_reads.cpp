// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/control_reads.h"

#include "tests/support/microsoft/control_exchange.h"
#include "tests/support/microsoft/control_mail.h"
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/request_log.h"
#include "tests/support/microsoft/tenant.h"
#include "tests/support/microsoft/truth.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

json::object read_counters(const World& world) {
  json::object requests;
  for (const auto& [endpoint, count] : world.log.counts()) {
    requests[endpoint] = count;
  }
  json::object statuses;
  for (const auto& [status, count] : world.log.statuses()) {
    statuses[std::to_string(status)] = count;
  }
  json::array last;
  for (const LoggedRequest& request : world.log.last()) {
    json::object told;
    told["service"] = request.service;
    told["method"] = request.method;
    told["target"] = request.target;
    told["status"] = request.status;
    if (!request.cmdlet.empty()) {
      told["cmdlet"] = request.cmdlet;
    }
    told["authorized"] = request.is_authorized;
    last.push_back(std::move(told));
  }
  json::object answer;
  answer["requests"] = std::move(requests);
  answer["statuses"] = std::move(statuses);
  answer["last"] = std::move(last);
  return answer;
}

// `?groups=A,B`: display names or ids; without it everybody.
json::object read_truth(const Tenant& tenant, const Parameters& query) {
  const auto names = query.find("groups");
  json::object answer;
  if (!names.has_value()) {
    answer["people"] = all_people(tenant);
    return answer;
  }
  std::vector<ObjectRef> groups;
  for (const std::string& name : split_trimmed(*names, ',')) {
    const auto group = tenant.directory.find_group(name);
    if (!group.has_value()) {
      throw std::invalid_argument{"no group is called " + name};
    }
    groups.push_back(*group);
  }
  answer["people"] = people_of(tenant, groups);
  return answer;
}

json::object read_addresses(const Tenant& tenant) {
  const auto addresses = recipients(tenant);
  json::object answer;
  answer["addresses"] = json::array(addresses.begin(), addresses.end());
  return answer;
}

// Everything about the users or groups, also about the removed ones.
json::object read_objects(const Directory& directory, ObjectKind kind) {
  json::array all;
  for (const DirectoryObject& object : directory.objects(kind)) {
    json::object told = object.properties;
    switch (object.presence) {
      case Presence::kPresent: told["presence"] = "present"; break;
      case Presence::kSoftDeleted: told["presence"] = "removed"; break;
      case Presence::kPurged: told["presence"] = "purged"; break;
    }
    all.push_back(std::move(told));
  }
  json::object answer;
  answer["objects"] = std::move(all);
  return answer;
}

}  // namespace

json::object read_control(World& world, const Request& request) {
  const Tenant& tenant = world.sites.front()->tenant;
  const auto query = Parameters::parse(request.query);
  if (!query.has_value()) {
    throw std::invalid_argument{query.error().message};
  }
  if (request.path == "/control/counters") {
    return read_counters(world);
  }
  if (request.path == "/control/truth") {
    return read_truth(tenant, *query);
  }
  if (request.path == "/control/truth/addresses") {
    return read_addresses(tenant);
  }
  if (request.path == "/control/users") {
    return read_objects(tenant.directory, ObjectKind::kUser);
  }
  if (request.path == "/control/groups") {
    return read_objects(tenant.directory, ObjectKind::kGroup);
  }
  if (request.path == "/control/exchange/objects") {
    return read_exchange_objects(world.sites.front()->exchange);
  }
  if (request.path == "/control/mail") {
    return read_mail(world, *query);
  }
  throw std::invalid_argument{"there is no GET " + request.path};
}

}  // namespace tests::microsoft

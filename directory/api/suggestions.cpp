// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/routes.h"
#include "directory/detections/detections.h"
#include "directory/detections/sender_history.h"
#include "directory/marks/detection_mark.h"
#include "directory/settings.h"
#include "directory/store/records.h"
#include "policy/mail_address.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <expected>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

// Addresses that people have judged: given to a person, or marked as forged. By organization and
// address.
using Known = std::set<std::pair<std::string, std::string>>;

void add_all(const std::string& organization,
             const std::vector<std::string>& addresses,
             Known& known) {
  for (const std::string& address : addresses) {
    known.emplace(organization, address);
  }
}

void add_declared(const OrganizationSettings& organization, Known& known) {
  for (const auto* declared :
       {&organization.secondary_emails, &organization.secondary_emails_by_id}) {
    for (const auto& [person, addresses] : *declared) {
      add_all(organization.name, addresses, known);
    }
  }
}

policy::Result<Known> known_addresses(const ApiServices& services, const ApiRequest& request) {
  Known known;
  for (const OrganizationSettings* organization : visible_organizations(services, request)) {
    add_declared(*organization, known);
  }
  const auto marked =
      for_each_mark(*services.database, std::nullopt, [&](const DetectionMark& mark) {
        if (mark.verdict == MarkVerdict::kRight) {
          known.emplace(mark.record.organization, policy::canonical_address(mark.record.address));
        }
        return true;
      });
  if (!marked.has_value()) {
    return std::unexpected{marked.error()};
  }
  const auto added = services.records->secondary_emails();
  if (!added.has_value()) {
    return std::unexpected{added.error()};
  }
  for (const AddedSecondaryEmails& each : *added) {
    add_all(each.organization, each.addresses, known);
  }
  return known;
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

std::string yaml_text(const std::string& text) {
  return json::serialize(json::string{text});
}

// What is copied must hide nothing: an address with other characters is not written down.
json::object yaml_of(const Suggestion& suggestion) {
  if (suggestion.kind != Suggestion::Kind::kService || !is_plain(suggestion.address)) {
    return {{"exception", nullptr}, {"service", nullptr}};
  }
  const std::string address = yaml_text(suggestion.address);
  const std::string exception = "exceptions:\n  - name: " + address +
                                "\n    anyone: true\n    from: [" + address +
                                "]\n    authenticated: true\n    owner: \"\"  # who answers for it"
                                "\n    reason: \"\"  # why it is needed\n";
  const std::string service =
      "services:\n  - name: " + address + "\n    senders: [" + address + "]\n";
  return {{"exception", exception}, {"service", service}};
}

json::object to_json(const Suggestion& suggestion) {
  const bool is_service = suggestion.kind == Suggestion::Kind::kService;
  json::array people;
  for (const std::string& person : suggestion.people) {
    people.emplace_back(json::string{person});
  }
  json::object object;
  object["kind"] = is_service ? "service" : "secondary_email";
  object["organization"] = suggestion.organization;
  object["address"] = suggestion.address;
  object["people"] = std::move(people);
  object["times"] = suggestion.times;
  object["days"] = suggestion.days;
  object["first"] = suggestion.first;
  object["last"] = suggestion.last;
  object["yaml"] = yaml_of(suggestion);
  return object;
}

json::array list_of(const Detections& detections, const ApiRequest& request, const Known& known) {
  const std::string_view organization = query_value(request, "organization");
  json::array list;
  for (const Suggestion& each : detections.senders().suggestions(request.principal.organizations)) {
    const bool is_asked = organization.empty() || organization == each.organization;
    if (is_asked && !known.contains({each.organization, each.address})) {
      list.emplace_back(to_json(each));
    }
  }
  return list;
}

ApiResult list_suggestions(const ApiServices& services, const ApiRequest& request) {
  const auto known = known_addresses(services, request);
  if (!known.has_value()) {
    return refuse(known.error());
  }
  const Detections* const detections = services.detections;
  json::object object;
  object["configured"] = detections != nullptr;
  object["complete"] = detections == nullptr || detections->are_counts_whole();
  object["suggestions"] =
      detections == nullptr ? json::array{} : list_of(*detections, request, *known);
  return answer(json::serialize(object));
}

}  // namespace

std::vector<Route> suggestion_routes() {
  return {{Access::kRead, "GET", "suggestions", &list_suggestions, {"organization"}}};
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/routes.h"
#include "directory/people/hygiene.h"
#include "directory/people/protection_report.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

Answer warnings_answer(json::array warnings) {
  return answer(json::serialize(json::object{{"warnings", std::move(warnings)}}));
}

ApiResult list_warnings(const ApiServices& services, const ApiRequest& request) {
  json::array warnings;
  for (const ProtectionReport& report : services.control->protection_reports()) {
    if (!request.principal.may_see(report.organization)) {
      continue;
    }
    for (const ProtectionWarning& warning : report.warnings) {
      warnings.emplace_back(json::object{{"organization", report.organization},
                                         {"what", warning.what},
                                         {"text", warning.text},
                                         {"subject", warning.subject}});
    }
  }
  return warnings_answer(std::move(warnings));
}

// Whether another protected person of the organization has the name.
bool is_homonym(const ApiServices& services,
                const std::string& organization,
                const std::string& name) {
  const auto& reports = services.control->protection_reports();
  const auto report = std::ranges::find(reports, organization, &ProtectionReport::organization);
  return report != reports.end() && shares_name(*report, name);
}

ApiResult list_warnings_of_person(const ApiServices& services, const ApiRequest& request) {
  const auto place = requested_directory(services, request);
  if (!place.has_value()) {
    return refuse(place.error());
  }
  const auto lookup = DirectoryLookup::open(services, *place);
  if (!lookup.has_value()) {
    return refuse(lookup.error());
  }
  const auto user = lookup->user(request.captures.at(2));
  if (!user.has_value()) {
    return refuse(user.error());
  }
  const auto standing = lookup->standing(*user);
  if (!standing.has_value()) {
    return refuse(standing.error());
  }
  std::vector<ProtectionWarning> found;
  // The names of role mailboxes are generic, and several may have one.
  if (standing->role_mailbox.empty()) {
    found = doubts_of(user->display_name);
    if (standing->is_protected() &&
        is_homonym(services, place->organization->name, user->display_name)) {
      found.push_back(
          {.what = "homonym", .text = "another protected person has the same name", .subject = {}});
    }
  }
  json::array warnings;
  for (const ProtectionWarning& warning : found) {
    warnings.emplace_back(json::object{{"what", warning.what}, {"text", warning.text}});
  }
  return warnings_answer(std::move(warnings));
}

}  // namespace

std::vector<Route> warning_routes() {
  return {{Access::kRead, "GET", "warnings", &list_warnings},
          {Access::kRead, "GET", "people/{}/{}/{}/warnings", &list_warnings_of_person}};
}

}  // namespace directory

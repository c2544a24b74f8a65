// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/graph_routes.h"

#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/message.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

using Names = std::span<const std::string_view>;

// One of these opens the door, the least one first.
// https://learn.microsoft.com/graph/permissions-reference
constexpr auto kUserRoles = std::to_array<std::string_view>(
    {"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"});
constexpr auto kGroupRoles = std::to_array<std::string_view>({"Group.ReadBasic.All",
                                                              "GroupMember.Read.All",
                                                              "Group.Read.All",
                                                              "GroupMember.ReadWrite.All",
                                                              "Group.ReadWrite.All",
                                                              "Directory.Read.All",
                                                              "Directory.ReadWrite.All"});
constexpr auto kMemberRoles = std::to_array<std::string_view>({"GroupMember.ReadBasic.All",
                                                               "GroupMember.Read.All",
                                                               "Group.Read.All",
                                                               "GroupMember.ReadWrite.All",
                                                               "Group.ReadWrite.All",
                                                               "Directory.Read.All",
                                                               "Directory.ReadWrite.All"});
constexpr auto kDomainRoles = std::to_array<std::string_view>(
    {"Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"});
constexpr auto kOrganizationRoles = std::to_array<std::string_view>({"User.Read.All",
                                                                     "Organization.Read.All",
                                                                     "Organization.ReadWrite.All",
                                                                     "Directory.Read.All",
                                                                     "Directory.ReadWrite.All"});
constexpr auto kApplicationRoles = std::to_array<std::string_view>({"Application.Read.All",
                                                                    "Application.ReadWrite.All",
                                                                    "Directory.Read.All",
                                                                    "Directory.ReadWrite.All"});

struct Route {
  std::string_view path;  // `*` stands for one segment
  Names roles;
  Response (*answer)(const GraphCall& call);
};

// The first that fits counts.
constexpr auto kRoutes = std::to_array<Route>({
    {.path = "users/delta", .roles = kUserRoles, .answer = answer_delta},
    {.path = "users", .roles = kUserRoles, .answer = answer_list},
    {.path = "users/*", .roles = kUserRoles, .answer = answer_object},
    {.path = "groups/delta", .roles = kGroupRoles, .answer = answer_delta},
    {.path = "groups", .roles = kGroupRoles, .answer = answer_list},
    {.path = "groups/*", .roles = kGroupRoles, .answer = answer_object},
    {.path = "groups/*/members", .roles = kMemberRoles, .answer = answer_members},
    {.path = "groups/*/members/microsoft.graph.user",
     .roles = kMemberRoles,
     .answer = answer_members},
    {.path = "groups/*/transitiveMembers", .roles = kMemberRoles, .answer = answer_members},
    {.path = "groups/*/transitiveMembers/microsoft.graph.user",
     .roles = kMemberRoles,
     .answer = answer_members},
    {.path = "domains", .roles = kDomainRoles, .answer = answer_domains},
    {.path = "domains/*", .roles = kDomainRoles, .answer = answer_domain},
    {.path = "domains/*/serviceConfigurationRecords",
     .roles = kDomainRoles,
     .answer = answer_service_records},
    {.path = "organization", .roles = kOrganizationRoles, .answer = answer_organization},
    {.path = "servicePrincipals", .roles = kApplicationRoles, .answer = answer_service_principals},
    {.path = "servicePrincipals/*/appRoleAssignments",
     .roles = kApplicationRoles,
     .answer = answer_role_assignments},
});

bool fits(const Route& route, const std::vector<std::string>& path) {
  const auto pattern = split_trimmed(route.path, '/');
  return std::ranges::equal(pattern, path, [](const std::string& wanted, const std::string& is) {
    return wanted == is || (wanted == "*" && !is.empty());
  });
}

Response not_found(const GraphCall& call) {
  return graph_failure(*call.world,
                       {.status = 404,
                        .code = "ResourceNotFound",
                        .message = "Resource not found for this path.",
                        .inner_code = {}});
}

}  // namespace

Response answer_routed(GraphCall call) {
  auto path = path_segments(call.request->path);
  auto query = Parameters::parse(call.request->query);
  if (!path.has_value() || !query.has_value()) {
    return bad_request(call, "The URL is malformed.");
  }
  if (path->empty() || path->front() != "v1.0") {
    return not_found(call);
  }
  call.path.assign(path->begin() + 1, path->end());
  call.query = std::move(*query);
  const auto* route = std::ranges::find_if(
      kRoutes, [&](const Route& candidate) { return fits(candidate, call.path); });
  if (route == kRoutes.end()) {
    return not_found(call);
  }
  if (call.request->method != "GET") {
    return graph_failure(*call.world,
                         {.status = 405,
                          .code = "Request_BadRequest",
                          .message = "Specified HTTP method is not allowed here.",
                          .inner_code = {}});
  }
  const bool is_allowed = std::ranges::any_of(route->roles, [&](std::string_view role) {
    return std::ranges::find(call.roles, role) != call.roles.end();
  });
  if (!is_allowed) {
    return graph_failure(*call.world,
                         {.status = 403,
                          .code = "Authorization_RequestDenied",
                          .message = "Insufficient privileges to complete the operation.",
                          .inner_code = {}});
  }
  return route->answer(call);
}

}  // namespace tests::microsoft

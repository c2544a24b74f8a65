// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/graph_routes.h"

#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/message.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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

constexpr auto kGrantRoles = std::to_array<std::string_view>(
    {"Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"});
constexpr auto kMethodRoles = std::to_array<std::string_view>(
    {"UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"});
constexpr auto kCalendarRoles =
    std::to_array<std::string_view>({"Calendars.Read", "Calendars.ReadWrite"});
constexpr auto kMailboxSettingsRoles =
    std::to_array<std::string_view>({"MailboxSettings.Read", "MailboxSettings.ReadWrite"});
constexpr auto kReadMailRoles =
    std::to_array<std::string_view>({"Mail.ReadBasic.All", "Mail.Read", "Mail.ReadWrite"});
constexpr auto kWriteMailRoles = std::to_array<std::string_view>({"Mail.ReadWrite"});

enum class For : std::uint8_t {
  kAnything,
  kScans,      // asked by scans alone, which have time
  kMailboxes,  // the same; and it is Exchange that refuses, in its own words
  kMail,       // people wait for it; Exchange refuses
};

struct Route {
  std::string_view path;  // `*` stands for one segment
  Names roles;
  Response (*answer)(const GraphCall& call);
  For use = For::kAnything;
  std::string_view method = "GET";
};

// The first that fits counts.
constexpr auto kRoutes = std::to_array<Route>({
    {.path = "users/delta", .roles = kUserRoles, .answer = answer_delta},
    {.path = "users", .roles = kUserRoles, .answer = answer_list, .use = For::kScans},
    {.path = "users/*", .roles = kUserRoles, .answer = answer_object},
    {.path = "users/*/authentication/methods",
     .roles = kMethodRoles,
     .answer = answer_authentication_methods,
     .use = For::kScans},
    {.path = "users/*/calendar/calendarPermissions",
     .roles = kCalendarRoles,
     .answer = answer_calendar_permissions,
     .use = For::kMailboxes},
    {.path = "users/*/mailFolders/inbox/messageRules",
     .roles = kMailboxSettingsRoles,
     .answer = answer_message_rules,
     .use = For::kMailboxes},
    {.path = "users/*/mailboxSettings/userPurpose",
     .roles = kMailboxSettingsRoles,
     .answer = answer_mailbox_purpose,
     .use = For::kMailboxes},
    {.path = "users/*/messages",
     .roles = kReadMailRoles,
     .answer = answer_messages,
     .use = For::kMail},
    {.path = "users/*/messages/*",
     .roles = kReadMailRoles,
     .answer = answer_message,
     .use = For::kMail},
    {.path = "users/*/messages/*/move",
     .roles = kWriteMailRoles,
     .answer = move_message,
     .use = For::kMail,
     .method = "POST"},
    {.path = "users/*/mailFolders",
     .roles = kReadMailRoles,
     .answer = answer_mail_folders,
     .use = For::kMail},
    {.path = "users/*/mailFolders",
     .roles = kWriteMailRoles,
     .answer = answer_mail_folders,
     .use = For::kMail,
     .method = "POST"},
    {.path = "users/*/mailFolders/*",
     .roles = kReadMailRoles,
     .answer = answer_mail_folder,
     .use = For::kMail},
    {.path = "users/*/mailFolders/*/messages",
     .roles = kReadMailRoles,
     .answer = answer_messages,
     .use = For::kMail},
    {.path = "users/*/mailFolders/*/messages/*",
     .roles = kReadMailRoles,
     .answer = answer_message,
     .use = For::kMail},
    {.path = "users/*/mailFolders/*/messages/*/move",
     .roles = kWriteMailRoles,
     .answer = move_message,
     .use = For::kMail,
     .method = "POST"},
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
    {.path = "domains/*/verificationDnsRecords",
     .roles = kDomainRoles,
     .answer = answer_verification_records,
     .use = For::kScans},
    {.path = "organization", .roles = kOrganizationRoles, .answer = answer_organization},
    {.path = "applications",
     .roles = kApplicationRoles,
     .answer = answer_applications,
     .use = For::kScans},
    {.path = "servicePrincipals",
     .roles = kApplicationRoles,
     .answer = answer_service_principals,
     .use = For::kScans},
    {.path = "servicePrincipals/*/appRoleAssignments",
     .roles = kApplicationRoles,
     .answer = answer_role_assignments,
     .use = For::kScans},
    {.path = "oauth2PermissionGrants",
     .roles = kGrantRoles,
     .answer = answer_permission_grants,
     .use = For::kScans},
});

bool fits(const Route& route, const std::vector<std::string>& path) {
  std::string_view rest = route.path;
  for (const std::string& segment : path) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view wanted = rest.substr(0, end);
    if (wanted.empty() || (wanted != segment && (wanted != "*" || segment.empty()))) {
      return false;
    }
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  return rest.empty();
}

Response not_found(const GraphCall& call) {
  return graph_failure(*call.world,
                       {.status = 404,
                        .code = "ResourceNotFound",
                        .message = "Resource not found for this path.",
                        .inner_code = {}});
}

bool is_exchange(const Route& route) {
  return route.use == For::kMailboxes || route.use == For::kMail;
}

bool is_scan(const Route& route) {
  return route.use == For::kScans || route.use == For::kMailboxes;
}

Response denied(const GraphCall& call, const Route& route) {
  if (is_exchange(route)) {
    return graph_failure(*call.world,
                         {.status = 403,
                          .code = "ErrorAccessDenied",
                          .message = "Access is denied. Check credentials and try again.",
                          .inner_code = {}});
  }
  return graph_failure(*call.world,
                       {.status = 403,
                        .code = "Authorization_RequestDenied",
                        .message = "Insufficient privileges to complete the operation.",
                        .inner_code = {}});
}

// With this method, if one has it.
const Route* find_route(const std::vector<std::string>& path, std::string_view method = "GET") {
  const Route* found = nullptr;
  for (const Route& candidate : kRoutes) {
    if (!fits(candidate, path)) {
      continue;
    }
    if (candidate.method == method) {
      return &candidate;
    }
    found = found == nullptr ? &candidate : found;
  }
  return found;
}

}  // namespace

bool has_time(const Request& request) {
  return find_field(request.headers, "x-ms-throttle-priority") == "low";
}

bool is_for_scans(const std::string& path) {
  const auto segments = path_segments(path);
  if (!segments.has_value() || segments->empty()) {
    return false;
  }
  const Route* route = find_route({segments->begin() + 1, segments->end()});
  return route != nullptr && is_scan(*route);
}

std::string mailbox_of(const std::string& path) {
  const auto segments = path_segments(path);
  if (!segments.has_value() || segments->empty()) {
    return {};
  }
  const Route* route = find_route({segments->begin() + 1, segments->end()});
  return route != nullptr && is_exchange(*route) ? lower_case(segments->at(2)) : "";
}

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
  const Route* route = find_route(call.path, call.request->method);
  if (route == nullptr) {
    return not_found(call);
  }
  if (is_scan(*route) && !has_time(*call.request)) {
    call.world->log.add_not_low_priority();
  }
  if (call.request->method != route->method) {
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
    return denied(call, *route);
  }
  return route->answer(call);
}

}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/application_access.h"

#include "directory/graph/failure.h"
#include "directory/graph/posture_queries.h"
#include "directory/posture/looks.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {

bool is_foreign(const PostureServicePrincipal& principal, const std::string& tenant) {
  // Microsoft's own tenants, in which its applications are registered.
  constexpr auto kMicrosoft = std::to_array<std::string_view>(
      {"f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"});
  const std::string& owner = principal.owner_organization;
  const bool is_application = principal.type.empty() || principal.type == "Application";
  return is_application && !owner.empty() && owner != tenant &&
         std::ranges::find(kMicrosoft, owner) == kMicrosoft.end();
}

ApplicationAccess::ApplicationAccess(const StateDatabase& database, DirectoryKey key)
    : database_(&database), key_(std::move(key)) {}

void ApplicationAccess::add_principals(const std::vector<PostureServicePrincipal>& principals) {
  for (const PostureServicePrincipal& principal : principals) {
    names_[principal.id] = principal.display_name;
    principals_[principal.app_id] = principal.id;
  }
}

void ApplicationAccess::add_grants(const std::vector<DelegatedGrant>& grants) {
  for (const DelegatedGrant& grant : grants) {
    Reached& reached = reached_[grant.client_id][grant.resource_id];
    reached.name = service_name(grant.resource_id);
    reached.scopes.insert(grant.scopes.begin(), grant.scopes.end());
    if (grant.principal_id.empty()) {
      reached.is_for_all = true;
    } else {
      reached.users.insert(grant.principal_id);
    }
  }
}

void ApplicationAccess::add_role_grants(
    const std::vector<std::string>& ids,
    const std::vector<GraphResult<std::vector<AppRoleGrant>>>& grants) {
  for (std::size_t i = 0; i < ids.size() && i < grants.size(); ++i) {
    if (!grants[i].has_value()) {
      continue;
    }
    for (const AppRoleGrant& grant : *grants[i]) {
      Reached& reached = reached_[ids[i]][grant.resource_id];
      reached.name =
          grant.resource_name.empty() ? service_name(grant.resource_id) : grant.resource_name;
      reached.is_for_all = true;
    }
  }
}

std::string ApplicationAccess::service_name(const std::string& id) const {
  const auto named = names_.find(id);
  return named == names_.end() || named->second.empty() ? id : named->second;
}

std::string ApplicationAccess::user_label(const std::string& id) const {
  const auto view = ContentView::open(database_->snapshot(), key_);
  if (!view.has_value()) {
    return id;
  }
  const auto read = view->user(id);
  if (!read.has_value()) {
    return id;
  }
  const std::optional<StoredUser>& user = *read;
  return user.has_value() ? user->user_principal_name : id;
}

std::vector<ServiceAccess> ApplicationAccess::of_principal(const std::string& id) const {
  std::vector<ServiceAccess> services;
  const auto known = reached_.find(id);
  if (known == reached_.end()) {
    return services;
  }
  for (const auto& [service, reached] : known->second) {
    ServiceAccess access;
    access.service = reached.name;
    access.permissions.assign(reached.scopes.begin(), reached.scopes.end());
    access.is_for_all = reached.is_for_all;
    for (const std::string& user : reached.users) {
      access.users.push_back(user_label(user));
    }
    services.push_back(std::move(access));
  }
  std::ranges::sort(services, {}, &ServiceAccess::service);
  return services;
}

std::vector<ServiceAccess> ApplicationAccess::of_application(const std::string& app_id) const {
  const auto principal = principals_.find(app_id);
  return principal == principals_.end() ? std::vector<ServiceAccess>{}
                                        : of_principal(principal->second);
}

}  // namespace directory

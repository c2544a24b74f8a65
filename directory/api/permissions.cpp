// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/lookup.h"
#include "directory/api/routes.h"
#include "directory/settings.h"
#include "directory/store/directory_key.h"
#include "directory/sync/sync_control.h"
#include "directory/task.h"
#include "policy/result.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <expected>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;
using States = policy::Result<std::vector<PermissionState>>;

json::object to_json(const PermissionState& state) {
  return {{"feature", state.feature},
          {"permission", state.permission},
          {"resource", state.resource},
          {"purpose", state.purpose},
          {"least", state.least},
          {"admin_role", state.admin_role},
          {"granted", state.is_granted},
          {"granted_by", state.granted_by}};
}

// That one tenant cannot be asked does not hide the permissions of the others.
json::object to_json(const DirectoryKey& key, const States& states) {
  json::array permissions;
  for (const PermissionState& state : states.value_or(std::vector<PermissionState>{})) {
    permissions.emplace_back(to_json(state));
  }
  return {{"organization", key.organization},
          {"directory", key.directory},
          {"failure", states.has_value() ? "" : states.error().message},
          {"permissions", std::move(permissions)}};
}

// The directories that have permissions at all.
policy::Result<std::vector<DirectoryKey>> office365_directories(const ApiServices& services,
                                                                const ApiRequest& request) {
  const auto places = directories_named(services, request, query_value(request, "directory"));
  if (!places.has_value()) {
    return std::unexpected{places.error()};
  }
  std::vector<DirectoryKey> keys;
  for (const DirectoryPlace& place : *places) {
    if (std::holds_alternative<Office365Source>(place.directory->source)) {
      keys.push_back(place.key());
    }
  }
  return keys;
}

Task<ApiResult> list_permissions(ApiServices services, ApiRequest request) {
  const auto keys = office365_directories(services, request);
  if (!keys.has_value()) {
    co_return refuse(keys.error());
  }
  json::array directories;
  for (const DirectoryKey& key : *keys) {
    const States states = co_await services.control->permissions(key);
    directories.emplace_back(to_json(key, states));
  }
  json::object object;
  object["directories"] = std::move(directories);
  co_return answer(json::serialize(object));
}

}  // namespace

std::vector<Route> permission_routes() {
  return {{Access::kRead, "GET", "permissions", &list_permissions, {"directory"}}};
}

}  // namespace directory

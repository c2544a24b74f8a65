// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/http/url.h"
#include "directory/store/records.h"
#include "directory/task.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace directory {

/// A request that a route has matched.
struct ApiRequest {
  std::vector<std::string> captures;  ///< the parts of the path in braces, decoded
  QueryParameters query;              ///< only keys that the route knows, each once
  std::string body;
  Actor actor;
};

/// The value of a query key; empty if it is not there.
[[nodiscard]] std::string_view query_value(const ApiRequest& request, std::string_view name);

using Operation = ApiResult (*)(const ApiServices&, const ApiRequest&);
using LongOperation = Task<ApiResult> (*)(ApiServices, ApiRequest);

/// One line of the routing table.
struct Route {
  Route(std::string_view takes,
        std::string_view at,
        std::variant<Operation, LongOperation> does,
        std::vector<std::string_view> keys)
      : method(takes), path(at), operation(does), query_keys(std::move(keys)) {}

  std::string_view method;
  std::string_view path;  ///< below /api/v1; `{}` stands for one part
  std::variant<Operation, LongOperation> operation;
  std::vector<std::string_view> query_keys;
};

// One function for each group of resources.
[[nodiscard]] std::vector<Route> directory_routes();
[[nodiscard]] std::vector<Route> group_routes();
[[nodiscard]] std::vector<Route> people_routes();
[[nodiscard]] std::vector<Route> protection_routes();
[[nodiscard]] std::vector<Route> secondary_email_routes();
[[nodiscard]] std::vector<Route> secondary_email_import_routes();
[[nodiscard]] std::vector<Route> domain_routes();
[[nodiscard]] std::vector<Route> permission_routes();
[[nodiscard]] std::vector<Route> record_routes();
[[nodiscard]] std::vector<Route> job_routes();
[[nodiscard]] std::vector<Route> detection_routes();
[[nodiscard]] std::vector<Route> export_routes();

}  // namespace directory

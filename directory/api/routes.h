// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/principal.h"
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
  Principal principal;         ///< who asks
  Actor actor;                 ///< the same, for the audit log
  std::string client_address;  ///< of a TCP connection; else empty
  std::string secret;          ///< of the session's cookie or the token; empty without one
  std::string if_match;        ///< the field of the header, as it came; empty without one
};

/// The value of a query key; empty if it is not there.
[[nodiscard]] std::string_view query_value(const ApiRequest& request, std::string_view name);

using Operation = ApiResult (*)(const ApiServices&, const ApiRequest&);
using LongOperation = Task<ApiResult> (*)(ApiServices, ApiRequest);

/// Who may call an operation. That what it shows and does is of organizations that the asker may
/// see is up to the operation itself.
enum class Access {
  kAnyone,   ///< also who has not said who it is
  kRead,     ///< viewers and above
  kOperate,  ///< operators and above
  kAdmin,    ///< admins
};

/// The role that this access needs at least; that of a viewer for `kAnyone`.
[[nodiscard]] constexpr Role needed_role(Access access) {
  switch (access) {
    case Access::kAdmin: return Role::kAdmin;
    case Access::kOperate: return Role::kOperator;
    case Access::kRead:
    case Access::kAnyone: return Role::kViewer;
  }
  return Role::kAdmin;
}

/// One line of the routing table.
struct Route {
  Route(Access needs,
        std::string_view takes,
        std::string_view at,
        std::variant<Operation, LongOperation> does,
        std::vector<std::string_view> keys = {})
      : access(needs), method(takes), path(at), operation(does), query_keys(std::move(keys)) {}

  Access access;
  std::string_view method;
  std::string_view path;  ///< below /api/v1; `{}` stands for one part
  std::variant<Operation, LongOperation> operation;
  std::vector<std::string_view> query_keys;
  /// Writes need If-Match, unless they come through the socket: people edit what they were shown.
  bool needs_if_match = false;
  bool takes_idempotency_key = false;  ///< it begins long work
};

/// The same route for something that people edit: writes need If-Match.
[[nodiscard]] inline Route edits(Route route) {
  route.needs_if_match = true;
  return route;
}

/// The same route for something that begins long work: it takes an Idempotency-Key.
[[nodiscard]] inline Route begins_job(Route route) {
  route.takes_idempotency_key = true;
  return route;
}

/// Every operation there is.
[[nodiscard]] std::vector<Route> api_routes();

// One function for each group of resources.
[[nodiscard]] std::vector<Route> directory_routes();
[[nodiscard]] std::vector<Route> directory_editing_routes();
[[nodiscard]] std::vector<Route> group_routes();
[[nodiscard]] std::vector<Route> people_routes();
[[nodiscard]] std::vector<Route> protection_routes();
[[nodiscard]] std::vector<Route> warning_routes();
[[nodiscard]] std::vector<Route> secondary_email_routes();
[[nodiscard]] std::vector<Route> secondary_email_import_routes();
[[nodiscard]] std::vector<Route> domain_routes();
[[nodiscard]] std::vector<Route> domain_check_routes();
[[nodiscard]] std::vector<Route> connector_routes();
[[nodiscard]] std::vector<Route> posture_routes();
[[nodiscard]] std::vector<Route> message_routes();
[[nodiscard]] std::vector<Route> permission_routes();
[[nodiscard]] std::vector<Route> record_routes();
[[nodiscard]] std::vector<Route> sink_routes();
[[nodiscard]] std::vector<Route> mark_routes();
[[nodiscard]] std::vector<Route> job_routes();
[[nodiscard]] std::vector<Route> event_routes();
[[nodiscard]] std::vector<Route> detection_routes();
[[nodiscard]] std::vector<Route> statistics_routes();
[[nodiscard]] std::vector<Route> suggestion_routes();
[[nodiscard]] std::vector<Route> export_routes();
[[nodiscard]] std::vector<Route> description_routes();
[[nodiscard]] std::vector<Route> session_routes();
[[nodiscard]] std::vector<Route> account_routes();
[[nodiscard]] std::vector<Route> token_routes();

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/api.h"

#include "directory/accounts/principal.h"
#include "directory/api/access.h"
#include "directory/api/answer.h"
#include "directory/api/preconditions.h"
#include "directory/api/remembered_answers.h"
#include "directory/api/routes.h"
#include "directory/api/routing.h"
#include "directory/clock.h"
#include "directory/http/client.h"
#include "directory/http/server.h"
#include "directory/http/url.h"
#include "directory/store/records.h"
#include "directory/task.h"
#include "policy/event.h"
#include "policy/result.h"

#include <exception>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace directory {
namespace {

constexpr unsigned kNotModified = 304;
constexpr unsigned kUnauthorized = 401;
constexpr unsigned kForbidden = 403;
constexpr unsigned kRefusals = 300;
constexpr unsigned kInternalError = 500;

struct Api {
  ApiServices services;
  std::vector<Route> routes;
  RememberedAnswers remembered;
};

std::expected<void, Problem> check_access(const Route& route, const Principal& principal) {
  if (route.access == Access::kAnyone) {
    return {};
  }
  if (principal.means == Principal::Means::kNone) {
    return std::unexpected{Problem{.status = kUnauthorized,
                                   .code = "unauthenticated",
                                   .detail = "sign in first, or send a token",
                                   .pointer = {},
                                   .headers = {{"WWW-Authenticate", "Bearer"}}}};
  }
  const Role needed = needed_role(route.access);
  if (!may_act_as(principal.role, needed)) {
    return refuse_with(kForbidden,
                       "denied",
                       "this needs the role " + std::string{word_of(needed)} + "; you have " +
                           std::string{word_of(principal.role)});
  }
  return {};
}

Task<ApiResult> run_operation(const Api& api, const Route& route, ApiRequest request) {
  if (const auto* operation = std::get_if<Operation>(&route.operation)) {
    co_return (*operation)(api.services, request);
  }
  const LongOperation operation = std::get<LongOperation>(route.operation);
  const ApiServices services = api.services;
  co_return co_await operation(services, std::move(request));
}

// Runs the operation unless the same request was answered before.
Task<ApiResult> run_once(Api& api,
                         const Route& route,
                         ApiRequest request,
                         const HttpHeaders& headers) {
  const auto key = route.takes_idempotency_key ? find_header(headers, "idempotency-key")
                                               : std::optional<std::string_view>{};
  if (!key.has_value()) {
    co_return co_await run_operation(api, route, std::move(request));
  }
  auto known = api.remembered.find(*key, route, request, now_in_seconds());
  if (!known.has_value()) {
    co_return std::unexpected{std::move(known).error()};
  }
  if (std::optional<Answer>& answered = *known; answered.has_value()) {
    co_return *std::move(answered);
  }
  ApiResult result = co_await run_operation(api, route, request);
  if (result.has_value()) {
    api.remembered.remember(*key, route, request, *result, now_in_seconds());
  }
  co_return result;
}

// Tags what was read, and leaves out what the client has already.
void tag(const Route& route, const HttpHeaders& headers, ApiResult& result) {
  const bool is_read = route.method == "GET" && std::holds_alternative<Operation>(route.operation);
  if (!is_read || !result.has_value() || result->status >= kRefusals || result->stream != nullptr) {
    return;
  }
  std::string etag = entity_tag(*result);
  if (lists_tag(find_header(headers, "if-none-match").value_or(""), etag)) {
    result->status = kNotModified;
    result->json.clear();
  }
  if (!find_header(result->headers, "etag").has_value()) {
    result->headers.emplace_back("ETag", std::move(etag));
  }
}

Task<ApiResult> carry_out(std::shared_ptr<Api> api, ServedRequest served, Caller caller) {
  Principal principal = std::move(caller.principal);
  auto found = find_route(api->routes, served);
  if (!found.has_value() && principal.means == Principal::Means::kNone) {
    // Who has not said who it is does not learn what there is.
    const Route any{Access::kRead, "GET", "", Operation{nullptr}};
    co_return std::unexpected{check_access(any, principal).error()};
  }
  if (!found.has_value()) {
    co_return std::unexpected{std::move(found).error()};
  }
  const Route& route = *found->route;
  if (auto allowed = check_access(route, principal); !allowed.has_value()) {
    co_return std::unexpected{std::move(allowed).error()};
  }
  ApiRequest request = std::move(found->request);
  request.actor = {.name = principal.name};
  request.principal = std::move(principal);
  request.secret = std::move(caller.secret);
  auto checked = check_preconditions(api->services, api->routes, route, request);
  if (!checked.has_value()) {
    co_return std::unexpected{std::move(checked).error()};
  }
  ApiResult result = co_await run_once(*api, route, std::move(request), served.headers);
  tag(route, served.headers, result);
  co_return result;
}

// What is thrown is a fault of the daemon: the log says which, and who asked learns that it was.
Task<ApiResult> carry_out_or_log(std::shared_ptr<Api> api, ServedRequest served, Caller caller) {
  const std::string target = served.method + ' ' + served.path;
  std::string fault;
  try {
    co_return co_await carry_out(api, std::move(served), std::move(caller));
  } catch (const std::exception& exception) {
    fault = exception.what();
  }
  if (const policy::EventLog* log = api->services.log; log != nullptr) {
    log->write(policy::EventId::kInternalError,
               {{.key = "request", .value = target}, {.key = "error", .value = fault}});
  }
  co_return refuse_with(kInternalError,
                        "internal",
                        "the daemon failed to do this, and its log says why; what it had changed "
                        "before, stays");
}

Task<ServedResponse> serve_peer(std::shared_ptr<Api> api, ServedRequest served) {
  std::optional<Principal> principal;
  if (served.peer.has_value()) {
    principal = allowed_peer(*served.peer, kApiGroup);
  }
  if (!principal.has_value()) {
    co_return to_response(
        refuse({.code = policy::ErrorCode::kDenied,
                .message = "only root, the daemon's own user and members of the group "
                           "fromguard may use this socket"}));
  }
  Caller caller{.principal = *std::move(principal), .secret = {}};
  ApiResult result = co_await carry_out_or_log(api, std::move(served), std::move(caller));
  co_return to_response(std::move(result));
}

Task<ServedResponse> serve_caller(std::shared_ptr<Api> api, ServedRequest served, Caller caller) {
  ApiResult result = co_await carry_out_or_log(api, std::move(served), std::move(caller));
  co_return to_response(std::move(result));
}

std::shared_ptr<Api> opened(const ApiServices& services) {
  return std::make_shared<Api>(Api{.services = services, .routes = api_routes(), .remembered = {}});
}

}  // namespace

std::vector<Route> api_routes() {
  std::vector<Route> routes;
  for (const auto& group : {directory_routes(),
                            directory_editing_routes(),
                            group_routes(),
                            people_routes(),
                            protection_routes(),
                            warning_routes(),
                            secondary_email_routes(),
                            secondary_email_import_routes(),
                            domain_routes(),
                            domain_check_routes(),
                            connector_routes(),
                            posture_routes(),
                            message_routes(),
                            permission_routes(),
                            record_routes(),
                            sink_routes(),
                            mark_routes(),
                            job_routes(),
                            event_routes(),
                            detection_routes(),
                            statistics_routes(),
                            suggestion_routes(),
                            export_routes(),
                            description_routes(),
                            session_routes(),
                            account_routes(),
                            token_routes()}) {
    routes.insert(routes.end(), group.begin(), group.end());
  }
  return routes;
}

std::string_view query_value(const ApiRequest& request, std::string_view name) {
  return find_parameter(request.query, name).value_or(std::string_view{});
}

ApiEntrance make_api_entrance(const ApiServices& services) {
  return [api = opened(services)](ServedRequest request, Caller caller) {
    return serve_caller(api, std::move(request), std::move(caller));
  };
}

HttpHandler make_socket_handler(const ApiServices& services) {
  return [api = opened(services)](ServedRequest request) {
    return serve_peer(api, std::move(request));
  };
}

}  // namespace directory

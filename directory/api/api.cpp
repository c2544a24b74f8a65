// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/api.h"

#include "directory/api/access.h"
#include "directory/api/answer.h"
#include "directory/api/routes.h"
#include "directory/http/server.h"
#include "directory/http/url.h"
#include "directory/store/records.h"
#include "directory/task.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
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

constexpr std::string_view kPrefix = "/api/v1/";
constexpr unsigned kNotFound = 404;
constexpr unsigned kMethodNotAllowed = 405;

struct Api {
  ApiServices services;
  std::vector<Route> routes;
};

std::vector<Route> all_routes() {
  std::vector<Route> routes;
  for (const auto& group : {directory_routes(),
                            group_routes(),
                            people_routes(),
                            protection_routes(),
                            secondary_email_routes(),
                            secondary_email_import_routes(),
                            domain_routes(),
                            permission_routes(),
                            record_routes(),
                            job_routes(),
                            detection_routes(),
                            export_routes()}) {
    routes.insert(routes.end(), group.begin(), group.end());
  }
  return routes;
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) {
      return parts;
    }
    path.remove_prefix(slash + 1);
  }
}

// A part of a path, decoded; nothing if it is badly encoded. Unlike in a query, a plus sign is one.
std::optional<std::string> decoded(std::string_view part) {
  std::string query = "x=";
  for (const char c : part) {
    if (c == '+' || c == '&') {
      query += c == '+' ? "%2B" : "%26";
    } else {
      query += c;
    }
  }
  const auto parameters = parse_query(query);
  return parameters.has_value() && parameters->size() == 1
             ? std::optional{parameters->front().second}
             : std::nullopt;
}

// What the path has in place of the braces; nothing if it does not match.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  const auto wanted = parts_of(pattern);
  const auto given = parts_of(path);
  if (wanted.size() != given.size()) {
    return std::nullopt;
  }
  std::vector<std::string> captures;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto part = decoded(given[i]);
    if (!part.has_value() || (wanted[i] == "{}" ? part->empty() : *part != wanted[i])) {
      return std::nullopt;
    }
    if (wanted[i] == "{}") {
      captures.push_back(*part);
    }
  }
  return captures;
}

std::unexpected<Problem> no_route(std::string_view path, const std::string& allowed) {
  if (allowed.empty()) {
    return std::unexpected{Problem{.status = kNotFound,
                                   .code = "not_found",
                                   .detail = "there is no " + std::string{path} + " here",
                                   .pointer = {}}};
  }
  return std::unexpected{Problem{.status = kMethodNotAllowed,
                                 .code = "invalid",
                                 .detail = std::string{path} + " takes " + allowed,
                                 .pointer = {}}};
}

std::expected<QueryParameters, Problem> checked_query(const Route& route, std::string_view query) {
  const auto parameters = parse_query(query);
  if (!parameters.has_value()) {
    return refuse(parameters.error());
  }
  for (const auto& [name, value] : *parameters) {
    if (std::ranges::find(route.query_keys, name) == route.query_keys.end()) {
      return refuse_request("there is no query key '" + name + "' here");
    }
    if (std::ranges::count(*parameters, name, &QueryParameters::value_type::first) > 1) {
      return refuse_request("the query has '" + name + "' twice");
    }
  }
  return *parameters;
}

struct Match {
  const Route* route;
  ApiRequest request;
};

std::expected<Match, Problem> find_route(const Api& api, const ServedRequest& served) {
  const std::string_view path = served.path;
  std::string allowed;
  for (const Route& route : api.routes) {
    auto captures =
        path.starts_with(kPrefix) ? match(route.path, path.substr(kPrefix.size())) : std::nullopt;
    if (!captures.has_value()) {
      continue;
    }
    if (route.method != served.method) {
      allowed += (allowed.empty() ? "" : ", ") + std::string{route.method};
      continue;
    }
    auto query = checked_query(route, served.query);
    if (!query.has_value()) {
      return std::unexpected{std::move(query).error()};
    }
    return Match{.route = &route,
                 .request = {.captures = *std::move(captures),
                             .query = *std::move(query),
                             .body = served.body,
                             .actor = {}}};
  }
  return no_route(path, allowed);
}

Task<ApiResult> carry_out(const Api& api, ServedRequest served) {
  std::optional<Actor> actor;
  if (served.peer.has_value()) {
    actor = allowed_actor(*served.peer, kApiGroup);
  }
  if (!actor.has_value()) {
    co_return refuse({.code = policy::ErrorCode::kDenied,
                      .message = "only root, the daemon's own user and members of the group "
                                 "fromguard may use this socket"});
  }
  auto found = find_route(api, served);
  if (!found.has_value()) {
    co_return std::unexpected{std::move(found).error()};
  }
  ApiRequest request = std::move(found->request);
  request.actor = *std::move(actor);
  if (const auto* operation = std::get_if<Operation>(&found->route->operation)) {
    co_return (*operation)(api.services, request);
  }
  const LongOperation operation = std::get<LongOperation>(found->route->operation);
  const ApiServices services = api.services;
  co_return co_await operation(services, std::move(request));
}

Task<ServedResponse> serve(std::shared_ptr<const Api> api, ServedRequest served) {
  ApiResult result = co_await carry_out(*api, std::move(served));
  co_return to_response(std::move(result));
}

}  // namespace

std::string_view query_value(const ApiRequest& request, std::string_view name) {
  return find_parameter(request.query, name).value_or(std::string_view{});
}

HttpHandler make_api(const ApiServices& services) {
  const auto api = std::make_shared<const Api>(Api{.services = services, .routes = all_routes()});
  return [api](ServedRequest request) { return serve(api, std::move(request)); };
}

}  // namespace directory

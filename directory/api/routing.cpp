// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/routing.h"

#include "directory/api/answer.h"
#include "directory/api/routes.h"
#include "directory/http/client.h"
#include "directory/http/server.h"
#include "directory/http/url.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::string_view kPrefix = "/api/v1/";
constexpr std::string_view kCapture = "{}";
constexpr unsigned kNotFound = 404;
constexpr unsigned kMethodNotAllowed = 405;

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

// The parts of the path, decoded; none if it is not one of the API or badly encoded.
std::vector<std::string> given_parts(std::string_view path) {
  std::vector<std::string> given;
  if (!path.starts_with(kPrefix)) {
    return given;
  }
  for (const std::string_view part : parts_of(path.substr(kPrefix.size()))) {
    auto text = decoded(part);
    if (!text.has_value()) {
      return {};
    }
    given.push_back(*std::move(text));
  }
  return given;
}

bool fits(std::string_view wanted, const std::string& part) {
  return wanted == kCapture ? !part.empty() : part == wanted;
}

// What the path has in place of the braces; nothing if it does not match.
std::optional<std::vector<std::string>> match(std::string_view pattern,
                                              const std::vector<std::string>& given) {
  const auto wanted = parts_of(pattern);
  if (!std::ranges::equal(wanted, given, fits)) {
    return std::nullopt;
  }
  std::vector<std::string> captures;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == kCapture) {
      captures.push_back(given[i]);
    }
  }
  return captures;
}

std::string methods_of(const Route& route) {
  return route.method == "GET" ? "GET, HEAD" : std::string{route.method};
}

std::unexpected<Problem> no_route(std::string_view path, const std::string& allowed) {
  if (allowed.empty()) {
    return refuse_with(kNotFound, "not_found", "there is no " + std::string{path} + " here");
  }
  return std::unexpected{Problem{.status = kMethodNotAllowed,
                                 .code = "invalid",
                                 .detail = std::string{path} + " takes " + allowed,
                                 .pointer = {},
                                 .headers = {{"Allow", allowed}}}};
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

}  // namespace

std::expected<RouteMatch, Problem> find_route(std::span<const Route> routes,
                                              const ServedRequest& served) {
  const std::string_view path = served.path;
  const std::vector<std::string> given = given_parts(path);
  // Of what HEAD gets, the server leaves out the body. RFC 9110, 9.3.2
  const auto method =
      served.method == "HEAD" ? std::string_view{"GET"} : std::string_view{served.method};
  std::string allowed;
  for (const Route& route : routes) {
    auto captures = match(route.path, given);
    if (!captures.has_value()) {
      continue;
    }
    if (route.method != method) {
      allowed += (allowed.empty() ? "" : ", ") + methods_of(route);
      continue;
    }
    auto query = checked_query(route, served.query);
    if (!query.has_value()) {
      return std::unexpected{std::move(query).error()};
    }
    return RouteMatch{
        .route = &route,
        .request = {.captures = *std::move(captures),
                    .query = *std::move(query),
                    .body = served.body,
                    .principal = {},
                    .actor = {},
                    .client_address = served.client_address,
                    .secret = {},
                    .if_match = std::string{find_header(served.headers, "if-match").value_or("")}}};
  }
  return no_route(path, allowed);
}

}  // namespace directory

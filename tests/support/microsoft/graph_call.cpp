// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/graph_call.h"

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/selection.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <expected>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tests::microsoft {

Response graph_failure(World& world, const GraphError& error) {
  const std::string request = world.random.uuid();
  json::object inner;
  if (!error.inner_code.empty()) {
    inner["code"] = error.inner_code;
  }
  inner["date"] = world.clock.graph_time();
  inner["request-id"] = request;
  inner["client-request-id"] = request;
  json::object told;
  told["code"] = error.code;
  told["message"] = error.message;
  told["innerError"] = std::move(inner);
  json::object body;
  body["error"] = std::move(told);
  Response response = json_answer(body);
  response.status = error.status;
  response.headers.emplace_back("request-id", request);
  return response;
}

Response bad_request(const GraphCall& call, std::string message) {
  return graph_failure(*call.world,
                       {.status = 400,
                        .code = "Request_BadRequest",
                        .message = std::move(message),
                        .inner_code = {}});
}

Response resource_not_found(const GraphCall& call, const std::string& name) {
  return graph_failure(*call.world,
                       {.status = 404,
                        .code = "Request_ResourceNotFound",
                        .message = "Resource '" + name +
                                   "' does not exist or one of its queried reference-property "
                                   "objects are not present.",
                        .inner_code = {}});
}

Response json_answer(const json::object& body) {
  return {.status = 200,
          .headers = {{"Content-Type",
                       "application/json;odata.metadata=minimal;odata.streaming=true;"
                       "IEEE754Compatible=false;charset=utf-8"}},
          .body = json::serialize(body)};
}

Response selection_failure(const GraphCall& call, const SelectionRefusal& refusal) {
  if (refusal.status == 501) {
    return graph_failure(*call.world,
                         {.status = 501,
                          .code = "NotImplemented",
                          .message = refusal.name + " cannot be selected on a collection.",
                          .inner_code = {}});
  }
  return bad_request(call, "Could not find a property named '" + refusal.name + "'.");
}

std::string url_of(const GraphCall& call) {
  return call.world->endpoints.graph + call.request->path;
}

std::string context_of(const GraphCall& call, std::string_view collection) {
  return call.world->endpoints.graph + "/v1.0/$metadata#" + std::string{collection};
}

std::expected<void, Response> allow_options(const GraphCall& call,
                                            std::initializer_list<std::string_view> allowed) {
  for (const auto& [name, value] : call.query.all()) {
    if (name.starts_with('$') && std::ranges::find(allowed, name) == allowed.end()) {
      return std::unexpected{
          bad_request(call, "The query option '" + name + "' is not supported here.")};
    }
  }
  return {};
}

bool has_role(const GraphCall& call, std::initializer_list<std::string_view> roles) {
  return std::ranges::any_of(roles, [&](std::string_view role) {
    return std::ranges::find(call.roles, role) != call.roles.end();
  });
}

}  // namespace tests::microsoft

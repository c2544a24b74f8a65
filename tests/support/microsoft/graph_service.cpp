// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/graph_service.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/graph_batch.h"
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/graph_routes.h"
#include "tests/support/microsoft/json_web_token.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {
namespace {

// Who asks, as the access token says.
struct Caller {
  Site* site;
  std::vector<std::string> roles;
};

std::unexpected<Response> invalid_token(World& world, std::string_view message) {
  Response response = graph_failure(world,
                                    {.status = 401,
                                     .code = "InvalidAuthenticationToken",
                                     .message = std::string{message},
                                     .inner_code = {}});
  response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"\"");
  return std::unexpected{response};
}

std::expected<Caller, Response> authenticate(World& world, const Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto field = find_field(request.headers, "Authorization");
  if (!field.has_value() || !field->starts_with(kScheme)) {
    return invalid_token(world, "Access token is empty.");
  }
  const auto token = JsonWebToken::parse(field->substr(kScheme.size()));
  if (!token.has_value() || !world.key.verifies(*token)) {
    return invalid_token(world, "Access token validation failure. Invalid signature.");
  }
  const json::object& claims = token->claims;
  if (text_of(claims, "aud") != world.endpoints.graph) {
    return invalid_token(world, "Access token validation failure. Invalid audience.");
  }
  if (claims.at("exp").to_number<std::int64_t>() <= world.clock.now().count() ||
      claims.at("nbf").to_number<std::int64_t>() < world.tokens_valid_from.count()) {
    return invalid_token(world, "Lifetime validation failed, the token is expired.");
  }
  Caller caller{.site = world.find_site(text_of(claims, "tid")), .roles = {}};
  if (const json::value* roles = claims.if_contains("roles"); roles != nullptr) {
    for (const json::value& role : roles->as_array()) {
      caller.roles.emplace_back(role.as_string().data(), role.as_string().size());
    }
  }
  return caller;
}

}  // namespace

Response answer_graph(World& world, const Request& request) {
  const auto caller = authenticate(world, request);
  if (!caller.has_value()) {
    return caller.error();
  }
  const GraphCall call{.world = &world,
                       .site = caller->site,
                       .roles = caller->roles,
                       .path = {},
                       .query = {},
                       .request = &request};
  if (request.path == "/v1.0/$batch" || request.path == "/v1.0/%24batch") {
    return answer_batch(call);
  }
  return answer_routed(call);
}

}  // namespace tests::microsoft

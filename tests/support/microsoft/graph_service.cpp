// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/graph_service.h"

#include "tests/support/microsoft/access_token.h"
#include "tests/support/microsoft/graph_batch.h"
#include "tests/support/microsoft/graph_call.h"
#include "tests/support/microsoft/graph_routes.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <string>

namespace tests::microsoft {
namespace {

Response invalid_token(World& world, const std::string& message) {
  Response response = graph_failure(
      world,
      {.status = 401, .code = "InvalidAuthenticationToken", .message = message, .inner_code = {}});
  response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"\"");
  return response;
}

}  // namespace

Response answer_graph(World& world, const Request& request) {
  const auto caller = authenticate(world, request, world.endpoints.graph);
  if (!caller.has_value()) {
    return invalid_token(world, caller.error());
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

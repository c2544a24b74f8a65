// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/service.h"

#include "tests/support/microsoft/control_service.h"
#include "tests/support/microsoft/exchange_service.h"
#include "tests/support/microsoft/faults.h"
#include "tests/support/microsoft/graph_service.h"
#include "tests/support/microsoft/login_service.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/throttling.h"
#include "tests/support/microsoft/world.h"

#include <string>
#include <utility>

namespace tests::microsoft {
namespace {

Response answer_well(World& world, const Request& request) {
  switch (request.service) {
    case Service::kLogin: return answer_login(world, request);
    case Service::kGraph: return answer_graph(world, request);
    case Service::kExchange: return answer_exchange(world, request);
  }
  return {.status = 404, .headers = {{"Content-Type", "text/plain"}}, .body = "not here\n"};
}

FaultLinks links_of(const World& world, const Request& request) {
  const bool is_on_graph = request.service == Service::kGraph;
  return {.other_host = is_on_graph ? world.endpoints.exchange : world.endpoints.graph,
          .itself = (is_on_graph ? world.endpoints.graph : world.endpoints.exchange) +
                    request.path + '?' + request.query};
}

}  // namespace

Response answer(World& world, const Request& request) {
  if (request.path.starts_with("/control/")) {
    return answer_control(world, request);
  }
  const bool is_exchange = request.service == Service::kExchange;
  const std::string cmdlet = is_exchange ? cmdlet_of(request) : std::string{};
  const auto fault = world.faults.take(request.path, cmdlet);
  Response response;
  if (world.throttle.refuses(request.path)) {
    response = throttled(world);
  } else if (!is_exchange || !fault.has_value() || !is_instead_of_answer(fault->kind)) {
    // What Exchange refuses, it has not done.
    response = answer_well(world, request);
  }
  if (fault.has_value()) {
    response = spoilt(std::move(response), *fault, links_of(world, request));
  }
  if (is_exchange && response.delivery == Delivery::kLate) {
    keep_busy(world, request, response.pause);
  }
  world.log.add(request, response.status, cmdlet);
  return response;
}

}  // namespace tests::microsoft

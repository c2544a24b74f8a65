// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/simulator.h"

#include "policy/guarded.h"
#include "policy/result.h"
#include "tests/support/microsoft/generator.h"
#include "tests/support/microsoft/http_server.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/service.h"
#include "tests/support/microsoft/world.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tests {

using microsoft::World;

struct MicrosoftSimulator::State {
  explicit State(std::uint64_t seed) : world(std::make_unique<World>(seed)) {}

  mutable policy::Guarded<std::unique_ptr<World>> world;
  microsoft::Endpoints endpoints;                 // constant once it listens
  std::unique_ptr<microsoft::HttpServer> server;  // ends before what it serves
};

policy::Result<std::unique_ptr<MicrosoftSimulator>> MicrosoftSimulator::start(
    const Settings& settings) {
  auto server = microsoft::HttpServer::listen(
      {.ports = {settings.login_port, settings.graph_port, settings.exchange_port},
       .certificate = settings.certificate,
       .key = settings.key});
  if (!server.has_value()) {
    return std::unexpected{server.error()};
  }
  auto state = std::make_unique<State>(settings.seed);
  state->server = std::move(*server);
  const std::string scheme = settings.certificate.empty() ? "http" : "https";
  const auto origin = [&](microsoft::Service service) {
    return scheme + "://127.0.0.1:" + std::to_string(state->server->port(service));
  };
  state->endpoints = {.login = origin(microsoft::Service::kLogin),
                      .graph = origin(microsoft::Service::kGraph),
                      .exchange = origin(microsoft::Service::kExchange)};
  state->world.with([&](auto& world) {
    world->endpoints = state->endpoints;
    microsoft::populate(world->add_site().tenant,
                        {.people = settings.people, .groups = settings.groups},
                        world->random);
  });
  State* running = state.get();
  state->server->run([running](const microsoft::Request& request) {
    return running->world.with([&](auto& world) { return microsoft::answer(*world, request); });
  });
  return std::unique_ptr<MicrosoftSimulator>{new MicrosoftSimulator{std::move(state)}};
}

MicrosoftSimulator::MicrosoftSimulator(std::unique_ptr<State> state) : state_(std::move(state)) {}

MicrosoftSimulator::~MicrosoftSimulator() = default;

std::uint16_t MicrosoftSimulator::port() const {
  return state_->server->port(microsoft::Service::kGraph);
}

std::string MicrosoftSimulator::login() const {
  return state_->endpoints.login;
}

std::string MicrosoftSimulator::graph() const {
  return state_->endpoints.graph;
}

std::string MicrosoftSimulator::exchange() const {
  return state_->endpoints.exchange;
}

std::string MicrosoftSimulator::tenant() const {
  return state_->world.with([](auto& world) { return world->sites.front()->tenant.id; });
}

std::string MicrosoftSimulator::client_id() const {
  return state_->world.with(
      [](auto& world) { return world->sites.front()->tenant.applications.front().client_id; });
}

std::string MicrosoftSimulator::secret() const {
  return state_->world.with(
      [](auto& world) { return world->sites.front()->tenant.applications.front().secret; });
}

policy::Result<std::string> MicrosoftSimulator::control(std::string_view method,
                                                        std::string_view target,
                                                        std::string_view body) {
  const std::size_t question = std::min(target.find('?'), target.size());
  const microsoft::Request request{
      .service = microsoft::Service::kGraph,
      .method = std::string{method},
      .path = std::string{target.substr(0, question)},
      .query = std::string{target.substr(std::min(target.size(), question + 1))},
      .headers = {},
      .body = std::string{body}};
  microsoft::Response response =
      state_->world.with([&](auto& world) { return microsoft::answer(*world, request); });
  if (response.status != 200) {
    return policy::fail(policy::ErrorCode::kInvalidInput, std::move(response.body));
  }
  return std::move(response.body);
}

std::uint64_t MicrosoftSimulator::requests(const std::string& endpoint) const {
  return state_->world.with([&](auto& world) {
    const auto& counts = world->log.counts();
    const auto found = counts.find(endpoint);
    return found == counts.end() ? std::uint64_t{0} : found->second;
  });
}

std::uint64_t MicrosoftSimulator::requests_to_exchange() const {
  return state_->world.with([](auto& world) {
    std::uint64_t total = 0;
    for (const auto& [endpoint, count] : world->log.counts()) {
      total += endpoint.starts_with("exchange ") ? count : 0;
    }
    return total;
  });
}

}  // namespace tests

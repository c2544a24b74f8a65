// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/exchange/apply.h"
#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/exchange_objects.h"
#include "directory/exchange/invoke_command.h"
#include "directory/exchange/plan.h"
#include "directory/graph/token_source.h"
#include "directory/http/client.h"
#include "policy/event.h"
#include "tests/support/microsoft/simulator.h"
#include "tests/support/registered_application.h"
#include "tests/support/run_task.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

/// What an installation would want in a tenant.
inline DesiredInput desired_input(ProvisioningStage stage = {}) {
  return {.settings = {},
          .gateway_addresses = {"192.0.2.10", "198.51.100.0/28"},
          .gateway_hostname = "gw.example.net",
          .stage = stage,
          .marks = {.inbound = "00000000-0000-4000-8000-000000000001",
                    .outbound = "00000000-0000-4000-8000-000000000002",
                    .bypass = "00000000-0000-4000-8000-000000000003",
                    .tenant_mark = "00000000-0000-4000-8000-000000000004"},
          .tenant_secret = "Tenant-Secret"};
}

/// A client of a simulated Exchange Online. The pauses are short.
class ExchangeTest : public ::testing::Test {
 protected:
  ExchangeTest() {
    tests::MicrosoftSimulator::Settings settings;
    settings.people = 5;
    settings.groups = 4;
    microsoft_ = tests::MicrosoftSimulator::start(settings).value();
    control("application", R"({"exchange_roles": ["Exchange.ManageAsApp"]})");
    http_ = HttpClient::open(io_.get_executor(), {}).value();
    tokens_ = std::make_unique<TokenSource>(
        tests::registered_application(*microsoft_, folder_.path()), *http_, log_);
    client_ = std::make_unique<InvokeCommandClient>(
        io_.get_executor(),
        *tokens_,
        *http_,
        log_,
        InvokeCommandClient::Settings{.most_attempts = 4,
                                      .first_pause = std::chrono::milliseconds{1},
                                      .longest_pause = std::chrono::milliseconds{2},
                                      .request_timeout = std::chrono::seconds{20}});
  }

  void control(const std::string& call, const std::string& body) {
    const auto done = microsoft_->control("POST", "/control/" + call, body);
    ASSERT_TRUE(done.has_value()) << call << body << done.error().message;
  }

  template <typename T>
  T run(Task<T> task) {
    return tests::run_task(io_, std::move(task));
  }

  CmdletResult invoke(const std::string& name, const std::string& parameters = "{}") {
    return run(
        client_->invoke({.name = name, .parameters = boost::json::parse(parameters).as_object()}));
  }

  std::expected<ExchangePlan, CmdletFailure> applied(const DesiredInput& input) {
    ApplySettings settings;
    settings.first_pause = std::chrono::milliseconds{1};
    settings.longest_pause = std::chrono::milliseconds{2};
    return run(apply(*client_, desired_objects(input).value(), settings));
  }

  ExchangeInventory inventory() { return run(read_inventory(*client_)).value(); }

  ExchangePlan planned(const DesiredInput& input) {
    return make_plan(desired_objects(input).value(), inventory());
  }

  /// What is to be done, as `role action`, without what is left.
  static std::vector<std::string> work_of(const ExchangePlan& plan) {
    std::vector<std::string> work;
    for (const PlannedObject& each : plan.objects) {
      if (each.action != PlanAction::kLeave) {
        work.push_back(std::string{word_of(each.desired.role)} + " " +
                       std::string{word_of(each.action)});
      }
    }
    return work;
  }

  /// The object that carries this mark; nothing if none does.
  std::optional<ExchangeObject> marked(const std::string& id) {
    for (const ExchangeObject& each : inventory().objects) {
      if (marked_id(each.comment) == id) {
        return each;
      }
    }
    return std::nullopt;
  }

  tests::TemporaryFolder folder_;
  std::unique_ptr<tests::MicrosoftSimulator> microsoft_;
  boost::asio::io_context io_{1};
  policy::EventLog log_{policy::LogLevel::kError, policy::LogFormat::kText};
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<TokenSource> tokens_;
  std::unique_ptr<InvokeCommandClient> client_;
};

}  // namespace directory

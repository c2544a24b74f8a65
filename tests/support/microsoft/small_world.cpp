// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/small_world.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/generator.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/service.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace tests::microsoft {

SmallWorld::SmallWorld(std::size_t people, std::size_t groups) {
  world.endpoints = {.login = "https://login.example",
                     .graph = "https://graph.example",
                     .exchange = "https://exchange.example"};
  populate(world.add_site().tenant, {.people = people, .groups = groups}, world.random);
}

std::string SmallWorld::token_path() {
  return '/' + tenant().id + "/oauth2/v2.0/token";
}

std::string SmallWorld::token_form() {
  return "grant_type=client_credentials&scope=https%3A%2F%2Fgraph.example%2F.default&client_id=" +
         application().client_id + "&client_secret=" + application().secret;
}

Response SmallWorld::ask_token(const std::string& form) {
  return answer(world,
                {.service = Service::kLogin,
                 .method = "POST",
                 .path = token_path(),
                 .query = {},
                 .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                 .body = form});
}

std::string SmallWorld::token() {
  return std::string{text_of(body_of(ask_token(token_form())), "access_token")};
}

Response SmallWorld::get(std::string_view target, Fields headers) {
  if (token_.empty()) {
    token_ = token();
  }
  if (target.starts_with(world.endpoints.graph)) {
    target.remove_prefix(world.endpoints.graph.size());
  }
  headers.emplace_back("Authorization", "Bearer " + token_);
  const std::size_t question = std::min(target.find('?'), target.size());
  return answer(world,
                {.service = Service::kGraph,
                 .method = "GET",
                 .path = std::string{target.substr(0, question)},
                 .query = std::string{target.substr(std::min(target.size(), question + 1))},
                 .headers = std::move(headers),
                 .body = {}});
}

std::string SmallWorld::exchange_token() {
  std::string form = token_form();
  form.replace(
      form.find("graph.example"), std::string_view{"graph.example"}.size(), "exchange.example");
  return std::string{text_of(body_of(ask_token(form)), "access_token")};
}

Response SmallWorld::ask_exchange(std::string_view target, std::string body, Fields headers) {
  if (exchange_token_.empty()) {
    exchange_token_ = exchange_token();
  }
  headers.emplace_back("Authorization", "Bearer " + exchange_token_);
  headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  const std::size_t question = std::min(target.find('?'), target.size());
  return answer(
      world,
      {.service = Service::kExchange,
       .method = body.empty() ? "GET" : "POST",
       .path = "/adminapi/beta/" + tenant().id + '/' + std::string{target.substr(0, question)},
       .query = std::string{target.substr(std::min(target.size(), question + 1))},
       .headers = std::move(headers),
       .body = std::move(body)});
}

Response SmallWorld::invoke(std::string_view cmdlet, std::string_view parameters) {
  return ask_exchange("InvokeCommand",
                      R"({"CmdletInput":{"CmdletName":")" + std::string{cmdlet} +
                          R"(","Parameters":)" + std::string{parameters} + "}}");
}

json::object SmallWorld::control(std::string_view method,
                                 std::string_view target,
                                 std::string_view body) {
  const std::size_t question = std::min(target.find('?'), target.size());
  const Response response =
      answer(world,
             {.service = Service::kGraph,
              .method = std::string{method},
              .path = std::string{target.substr(0, question)},
              .query = std::string{target.substr(std::min(target.size(), question + 1))},
              .headers = {},
              .body = std::string{body}});
  if (response.status != 200) {
    throw std::runtime_error{response.body};
  }
  return body_of(response);
}

ObjectRef SmallWorld::group(std::string_view name) {
  return directory().find_group(name).value();
}

json::object body_of(const Response& response) {
  boost::system::error_code error;
  json::value body = json::parse(response.body, error);
  return body.is_object() ? std::move(body.as_object()) : json::object();
}

std::string exception_of(const Response& response) {
  const json::object body = body_of(response);
  if (!body.contains("error")) {
    return {};
  }
  const json::value& error = body.at("error");
  const json::object& detail = error.at("details").at(0).as_object();
  const std::string_view message = text_of(detail, "message");
  const std::size_t first = message.find('|');
  const std::string_view type = message.substr(first + 1, message.find('|', first + 1) - first - 1);
  EXPECT_EQ(text_of(error.at("innererror").at("internalexception").as_object(), "type"), type);
  return std::string{type.substr(type.rfind('.') + 1)};
}

std::string code_of(const Response& response) {
  const json::object body = body_of(response);
  const json::value* error = body.if_contains("error");
  return error != nullptr && error->is_object() ? std::string{text_of(error->get_object(), "code")}
                                                : std::string{};
}

}  // namespace tests::microsoft

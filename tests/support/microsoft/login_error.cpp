// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/login_error.h"

#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace tests::microsoft {

std::unexpected<LoginError> refuse(unsigned status, int code, std::string error, std::string text) {
  return std::unexpected{LoginError{
      .status = status, .code = code, .error = std::move(error), .text = std::move(text)}};
}

LoginError missing_parameter(std::string_view name) {
  return {
      .status = 400,
      .code = 900144,
      .error = "invalid_request",
      .text = fmt::format("The request body must contain the following parameter: '{}'.", name)};
}

Response login_failure(World& world, const LoginError& error) {
  const std::string trace = world.random.uuid();
  const std::string correlation = world.random.uuid();
  const std::string time = world.clock.login_time();
  json::object body;
  body["error"] = error.error;
  body["error_description"] =
      fmt::format("AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {}",
                  error.code,
                  error.text,
                  trace,
                  correlation,
                  time);
  json::array codes;
  codes.emplace_back(error.code);
  body["error_codes"] = std::move(codes);
  body["timestamp"] = time;
  body["trace_id"] = trace;
  body["correlation_id"] = correlation;
  body["error_uri"] = fmt::format("{}/error?code={}", world.endpoints.login, error.code);
  return {.status = error.status,
          .headers = {{"Content-Type", "application/json; charset=utf-8"}},
          .body = json::serialize(body)};
}

}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/client_assertion.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/json_web_token.h"
#include "tests/support/microsoft/login_error.h"
#include "tests/support/microsoft/tenant.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace tests::microsoft {
namespace {

constexpr std::int64_t kSkew = 300;  // seconds that clocks may differ

std::unexpected<LoginError> bad_token(const std::string& why) {
  return refuse(400, 50027, "invalid_request", "JWT token is invalid: " + why);
}

std::optional<std::int64_t> time_of(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  if (value == nullptr || !value->is_number()) {
    return std::nullopt;
  }
  return value->to_number<std::int64_t>();
}

}  // namespace

std::expected<void, LoginError> check_assertion(World& world,
                                                const Application& application,
                                                const std::string& tenant_name,
                                                const std::string& assertion) {
  const auto token = JsonWebToken::parse(assertion);
  if (!token.has_value()) {
    return bad_token(token.error().message);
  }
  const json::object& claims = token->claims;
  if (text_of(claims, "iss") != application.client_id ||
      text_of(claims, "sub") != application.client_id) {
    return refuse(
        401, 700021, "invalid_client", "Client assertion's issuer or subject is not the client.");
  }
  if (!is_signed_by_one_of(*token, application.certificates)) {
    return refuse(401,
                  700027,
                  "invalid_client",
                  "The certificate with identifier used to sign the client "
                  "assertion is not registered on application, or the "
                  "signature is wrong.");
  }
  const std::string endpoint = world.endpoints.login + '/' + tenant_name + "/oauth2/v2.0/token";
  if (text_of(claims, "aud") != endpoint) {
    return refuse(
        401,
        700023,
        "invalid_client",
        "Client assertion audience claim does not match the token endpoint " + endpoint + ".");
  }
  const auto begins = time_of(claims, "nbf");
  const auto ends = time_of(claims, "exp");
  if (!begins.has_value() || !ends.has_value()) {
    return bad_token("nbf or exp is missing");
  }
  const std::int64_t now = world.clock.now().count();
  if (now + kSkew < *begins || now - kSkew >= *ends) {
    return refuse(
        401,
        700024,
        "invalid_client",
        fmt::format("Client assertion is not within its valid time range. Current time: {}.",
                    world.clock.login_time()));
  }
  const std::string id{text_of(claims, "jti")};
  if (id.empty() || !world.used_assertions.insert(id).second) {
    return bad_token("its jti is missing or was used before");
  }
  return {};
}

}  // namespace tests::microsoft

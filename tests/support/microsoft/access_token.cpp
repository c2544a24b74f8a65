// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/access_token.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/json_web_token.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace tests::microsoft {

std::expected<Caller, std::string> authenticate(World& world,
                                                const Request& request,
                                                std::string_view audience) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto field = find_field(request.headers, "Authorization");
  if (!field.has_value() || !field->starts_with(kScheme)) {
    return std::unexpected{"Access token is empty."};
  }
  const auto token = JsonWebToken::parse(field->substr(kScheme.size()));
  if (!token.has_value() || !world.key.verifies(*token)) {
    return std::unexpected{"Access token validation failure. Invalid signature."};
  }
  const json::object& claims = token->claims;
  if (text_of(claims, "aud") != audience) {
    return std::unexpected{"Access token validation failure. Invalid audience."};
  }
  if (claims.at("exp").to_number<std::int64_t>() <= world.clock.now().count() ||
      claims.at("nbf").to_number<std::int64_t>() < world.tokens_valid_from.count()) {
    return std::unexpected{"Lifetime validation failed, the token is expired."};
  }
  Caller caller{.site = world.find_site(text_of(claims, "tid")), .roles = {}};
  if (const json::value* roles = claims.if_contains("roles"); roles != nullptr) {
    for (const json::value& role : roles->as_array()) {
      caller.roles.emplace_back(role.as_string().data(), role.as_string().size());
    }
  }
  return caller;
}

}  // namespace tests::microsoft

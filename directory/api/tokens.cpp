// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/tokens.h"

#include "directory/accounts/access_control.h"
#include "directory/accounts/principal.h"
#include "directory/api/account_fields.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/clock.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

constexpr unsigned kCreated = 201;

// What a token is for, in the words of tokens.
std::string_view scope_word(Role role) {
  switch (role) {
    case Role::kViewer: return "read";
    case Role::kOperator: return "operate";
    case Role::kAdmin: return "admin";
  }
  return "read";
}

std::optional<Role> role_of_scope(std::string_view word) {
  for (const Role role : {Role::kViewer, Role::kOperator, Role::kAdmin}) {
    if (scope_word(role) == word) {
      return role;
    }
  }
  return std::nullopt;
}

json::object to_json(const ApiToken& token) {
  json::object object{{"id", token.id},
                      {"name", token.name},
                      {"account", token.account},
                      {"scope", scope_word(token.rights.role)},
                      {"created", token.created},
                      {"expires", token.expires == 0 ? json::value(nullptr) : token.expires},
                      {"last_used", token.last_used}};
  const auto names = names_of(token.rights.organizations);
  object["organizations"] = names.has_value() ? json::value_from(*names) : json::value(nullptr);
  return object;
}

ApiResult list_tokens(const ApiServices& services, const ApiRequest& request) {
  const auto tokens = services.access->tokens().list(request.principal);
  if (!tokens.has_value()) {
    return refuse(tokens.error());
  }
  json::array array;
  for (const ApiToken& token : *tokens) {
    array.emplace_back(to_json(token));
  }
  return answer(json::serialize(json::object{{"tokens", std::move(array)}}));
}

std::expected<TokenRequest, Problem> requested_token(const ApiServices& services,
                                                     const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  fields->require("name");
  fields->require("scope");
  TokenRequest wanted;
  wanted.name = fields->text("name").value_or("");
  wanted.account = fields->text("account").value_or("");
  wanted.expires = fields->number("expires").value_or(0);
  const auto role = role_of_scope(fields->text("scope").value_or(""));
  const auto organizations = fields->texts("organizations");
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  if (!role.has_value()) {
    return refuse_request("a token's scope is read, operate or admin", "/scope");
  }
  wanted.role = *role;
  if (organizations.has_value()) {
    auto scope = scope_of(services, request.principal, *organizations);
    if (!scope.has_value()) {
      return std::unexpected{std::move(scope).error()};
    }
    wanted.organizations = *std::move(scope);
  }
  return wanted;
}

ApiResult add_token(const ApiServices& services, const ApiRequest& request) {
  const auto wanted = requested_token(services, request);
  if (!wanted.has_value()) {
    return std::unexpected{wanted.error()};
  }
  const auto made = services.access->tokens().add(request.principal, *wanted, now_in_seconds());
  if (!made.has_value()) {
    return refuse(made.error());
  }
  json::object object = to_json(made->token);
  object["secret"] = made->secret;
  Answer created = answer(json::serialize(object));
  created.status = kCreated;
  created.location = "/api/v1/tokens/" + made->token.id;
  return created;
}

ApiResult revoke_token(const ApiServices& services, const ApiRequest& request) {
  const std::string& id = request.captures.at(0);
  if (auto revoked = services.access->tokens().revoke(request.principal, id);
      !revoked.has_value()) {
    return refuse(revoked.error());
  }
  return answer(json::serialize(json::object{{"id", id}, {"revoked", true}}));
}

}  // namespace

std::vector<Route> token_routes() {
  return {{Access::kRead, "GET", "tokens", &list_tokens},
          {Access::kRead, "POST", "tokens", &add_token},
          {Access::kRead, "DELETE", "tokens/{}", &revoke_token}};
}

}  // namespace directory

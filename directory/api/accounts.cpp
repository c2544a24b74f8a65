// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/accounts.h"

#include "directory/accounts/access_control.h"
#include "directory/accounts/account.h"
#include "directory/accounts/principal.h"
#include "directory/api/account_fields.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/clock.h"
#include "directory/task.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>

#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

constexpr unsigned kCreated = 201;

json::object to_json(const Account& account) {
  json::object object{{"name", account.name},
                      {"display_name", account.display_name},
                      {"role", word_of(account.rights.role)},
                      {"disabled", !account.is_enabled},
                      {"created", account.created},
                      {"last_sign_in", account.last_sign_in},
                      {"version", account.version}};
  const auto names = names_of(account.rights.organizations);
  object["organizations"] = names.has_value() ? json::value_from(*names) : json::value(nullptr);
  return object;
}

Answer account_answer(const Account& account) {
  Answer made = answer(json::serialize(to_json(account)));
  made.headers.emplace_back("ETag", "\"" + std::to_string(account.version) + "\"");
  return made;
}

ApiResult list_accounts(const ApiServices& services, const ApiRequest& request) {
  const auto accounts = services.access->accounts().list(request.principal);
  if (!accounts.has_value()) {
    return refuse(accounts.error());
  }
  json::array array;
  for (const Account& account : *accounts) {
    array.emplace_back(to_json(account));
  }
  return answer(json::serialize(json::object{{"accounts", std::move(array)}}));
}

ApiResult show_account(const ApiServices& services, const ApiRequest& request) {
  const auto account = services.access->accounts().find(request.principal, request.captures.at(0));
  if (!account.has_value()) {
    return refuse(account.error());
  }
  return account_answer(*account);
}

// Reads the field `role`; nothing if it is not there.
std::expected<std::optional<Role>, Problem> role_field(RequestFields& fields) {
  const auto word = fields.text("role");
  if (!word.has_value()) {
    return std::nullopt;
  }
  const auto role = role_of(*word);
  if (!role.has_value()) {
    return refuse_request("a role is viewer, operator or admin", "/role");
  }
  return role;
}

Task<ApiResult> add_account(ApiServices services, ApiRequest request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    co_return std::unexpected{std::move(fields).error()};
  }
  for (const char* const name : {"name", "password", "role"}) {
    fields->require(name);
  }
  NewAccount account;
  account.name = fields->text("name").value_or("");
  account.display_name = fields->text("display_name").value_or("");
  account.rights.organizations = std::nullopt;
  std::string password = fields->text("password").value_or("");
  const auto organizations = fields->texts("organizations");
  const auto role = role_field(*fields);
  if (auto finished = fields->finish(); !finished.has_value()) {
    co_return std::unexpected{std::move(finished).error()};
  }
  if (!role.has_value()) {
    co_return std::unexpected{role.error()};
  }
  account.rights.role = role->value_or(Role::kViewer);
  if (organizations.has_value()) {
    auto scope = scope_of(services, request.principal, *organizations);
    if (!scope.has_value()) {
      co_return std::unexpected{std::move(scope).error()};
    }
    account.rights.organizations = *std::move(scope);
  }
  const auto added = co_await services.access->add_account(
      request.principal, std::move(account), std::move(password), now_in_seconds());
  if (!added.has_value()) {
    co_return refuse(added.error());
  }
  Answer made = account_answer(*added);
  made.status = kCreated;
  made.location = "/api/v1/accounts/" + added->name;
  co_return made;
}

std::expected<AccountChange, Problem> requested_change(const ApiServices& services,
                                                       const ApiRequest& request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    return std::unexpected{std::move(fields).error()};
  }
  AccountChange change;
  change.display_name = fields->text("display_name");
  if (const auto disabled = fields->boolean("disabled"); disabled.has_value()) {
    change.is_enabled = !*disabled;
  }
  const bool is_everything = fields->is_null("organizations");
  const auto organizations = fields->texts("organizations");
  const auto role = role_field(*fields);
  if (auto finished = fields->finish(); !finished.has_value()) {
    return std::unexpected{std::move(finished).error()};
  }
  if (!role.has_value()) {
    return std::unexpected{role.error()};
  }
  change.role = *role;
  if (is_everything) {
    change.organizations.emplace(std::nullopt);
  } else if (organizations.has_value()) {
    auto scope = scope_of(services, request.principal, *organizations);
    if (!scope.has_value()) {
      return std::unexpected{std::move(scope).error()};
    }
    change.organizations = *std::move(scope);
  }
  return change;
}

ApiResult change_account(const ApiServices& services, const ApiRequest& request) {
  const auto expected = expected_version(request);
  if (!expected.has_value()) {
    return std::unexpected{expected.error()};
  }
  const auto change = requested_change(services, request);
  if (!change.has_value()) {
    return std::unexpected{change.error()};
  }
  const auto changed = services.access->accounts().change(
      request.principal, request.captures.at(0), *change, *expected);
  if (!changed.has_value()) {
    return refuse(changed.error());
  }
  return account_answer(*changed);
}

ApiResult delete_account(const ApiServices& services, const ApiRequest& request) {
  const auto expected = expected_version(request);
  if (!expected.has_value()) {
    return std::unexpected{expected.error()};
  }
  const std::string& name = request.captures.at(0);
  auto removed = services.access->accounts().remove(request.principal, name, *expected);
  if (!removed.has_value()) {
    return refuse(removed.error());
  }
  return answer(json::serialize(json::object{{"name", name}, {"removed", true}}));
}

Task<ApiResult> set_password(ApiServices services, ApiRequest request) {
  const auto expected = expected_version(request);
  auto fields = RequestFields::parse(request.body);
  if (!expected.has_value() || !fields.has_value()) {
    co_return std::unexpected{expected.has_value() ? fields.error() : expected.error()};
  }
  fields->require("password");
  PasswordChange change;
  change.name = request.captures.at(0);
  change.password = fields->text("password").value_or("");
  change.present = fields->text("present").value_or("");
  change.expected = *expected;
  if (auto finished = fields->finish(); !finished.has_value()) {
    co_return std::unexpected{std::move(finished).error()};
  }
  const auto changed = co_await services.access->set_password(
      request.principal, std::move(change), now_in_seconds());
  if (!changed.has_value()) {
    co_return refuse(changed.error(), "/password");
  }
  co_return account_answer(*changed);
}

ApiResult end_sessions(const ApiServices& services, const ApiRequest& request) {
  const std::string& name = request.captures.at(0);
  auto ended = services.access->accounts().end_sessions(request.principal, name);
  if (!ended.has_value()) {
    return refuse(ended.error());
  }
  return answer(json::serialize(json::object{{"name", name}, {"ended", true}}));
}

}  // namespace

std::vector<Route> account_routes() {
  // Passwords and sessions are everybody's own; whose else they may be is seen to where they are
  // changed.
  return {{Access::kAdmin, "GET", "accounts", &list_accounts},
          {Access::kAdmin, "POST", "accounts", &add_account},
          {Access::kAdmin, "GET", "accounts/{}", &show_account},
          edits({Access::kAdmin, "PATCH", "accounts/{}", &change_account}),
          {Access::kAdmin, "DELETE", "accounts/{}", &delete_account},
          {Access::kRead, "PUT", "accounts/{}/password", &set_password},
          {Access::kRead, "DELETE", "accounts/{}/sessions", &end_sessions}};
}

}  // namespace directory

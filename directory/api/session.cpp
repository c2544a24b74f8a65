// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/access_control.h"
#include "directory/accounts/account.h"
#include "directory/accounts/credentials.h"
#include "directory/accounts/principal.h"
#include "directory/accounts/sessions.h"
#include "directory/accounts/set_up.h"
#include "directory/api/account_fields.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/api/request_fields.h"
#include "directory/api/routes.h"
#include "directory/clock.h"
#include "directory/settings.h"
#include "directory/task.h"
#include "policy/result.h"

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

json::value to_json(const OrganizationScope& scope) {
  const auto names = names_of(scope);
  return names.has_value() ? json::value_from(*names) : json::value(nullptr);
}

Answer session_answer(const SignedIn& signed_in) {
  const Account& account = signed_in.account;
  json::object object{{"account", account.name},
                      {"display_name", account.display_name},
                      {"role", word_of(account.rights.role)},
                      {"csrf_token", signed_in.session.csrf_token},
                      {"expires", Sessions::expires(signed_in.session)}};
  object["organizations"] = to_json(account.rights.organizations);
  Answer made = answer(json::serialize(object));
  if (!signed_in.set_cookie.empty()) {
    made.headers.emplace_back("Set-Cookie", signed_in.set_cookie);
  }
  return made;
}

// Who asks without a session: a program, or somebody at the socket.
Answer principal_answer(const Principal& principal) {
  json::object object{{"account", principal.name},
                      {"display_name", ""},
                      {"role", word_of(principal.role)},
                      {"csrf_token", nullptr},
                      {"expires", nullptr}};
  object["organizations"] = to_json(principal.organizations);
  return answer(json::serialize(object));
}

ApiResult show_session(const ApiServices& services, const ApiRequest& request) {
  const Principal& principal = request.principal;
  if (principal.means == Principal::Means::kNone) {
    return refuse_credentials("you are not signed in");
  }
  if (principal.means != Principal::Means::kSession) {
    return principal_answer(principal);
  }
  const auto signed_in = services.access->signed_in(principal);
  if (!signed_in.has_value()) {
    return refuse(signed_in.error());
  }
  return session_answer(*signed_in);
}

Task<ApiResult> begin_session(ApiServices services, ApiRequest request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    co_return std::unexpected{std::move(fields).error()};
  }
  fields->require("name");
  fields->require("password");
  SignInAttempt attempt;
  attempt.name = fields->text("name").value_or("");
  attempt.password = fields->text("password").value_or("");
  attempt.client_address = request.client_address;
  attempt.previous_session = request.principal.session;
  if (auto finished = fields->finish(); !finished.has_value()) {
    co_return std::unexpected{std::move(finished).error()};
  }
  const auto signed_in = co_await services.access->sign_in(std::move(attempt), now_in_seconds());
  if (signed_in.has_value()) {
    co_return session_answer(*signed_in);
  }
  const Refusal& refusal = signed_in.error();
  if (refusal.error.code == policy::ErrorCode::kDenied && refusal.retry_after == 0) {
    co_return refuse_credentials(refusal.error.message);
  }
  co_return refuse(refusal);
}

ApiResult end_session(const ApiServices& services, const ApiRequest& request) {
  if (auto ended = services.access->sign_out(request.principal); !ended.has_value()) {
    return refuse(ended.error());
  }
  Answer made = answer(json::serialize(json::object{{"ended", true}}));
  made.headers.emplace_back("Set-Cookie", no_session_cookie());
  return made;
}

Task<ApiResult> set_up(ApiServices services, ApiRequest request) {
  auto fields = RequestFields::parse(request.body);
  if (!fields.has_value()) {
    co_return std::unexpected{std::move(fields).error()};
  }
  fields->require("secret");
  fields->require("name");
  fields->require("password");
  SetUpAttempt attempt;
  attempt.secret = fields->text("secret").value_or("");
  attempt.name = fields->text("name").value_or("");
  attempt.password = fields->text("password").value_or("");
  attempt.display_name = fields->text("display_name").value_or("");
  attempt.client_address = request.client_address;
  if (auto finished = fields->finish(); !finished.has_value()) {
    co_return std::unexpected{std::move(finished).error()};
  }
  const auto signed_in = co_await services.access->redeem(std::move(attempt), now_in_seconds());
  if (!signed_in.has_value()) {
    co_return refuse(signed_in.error());
  }
  Answer made = session_answer(*signed_in);
  made.status = kCreated;
  made.location = "/api/v1/session";
  co_return made;
}

ApiResult make_set_up_link(const ApiServices& services, const ApiRequest& request) {
  if (request.principal.means != Principal::Means::kSocket) {
    return refuse({.code = policy::ErrorCode::kDenied,
                   .message = "set-up links are made on the machine itself: "
                              "fromguard-directory setup-link"});
  }
  const auto made = services.access->set_up().renew(request.principal.name, now_in_seconds());
  if (!made.has_value()) {
    return refuse(made.error());
  }
  const std::optional<SetUpSecret>& secret = *made;
  if (!secret.has_value()) {
    return refuse_conflict("there is an account already; add others with: accounts add NAME");
  }
  return answer(json::serialize(
      json::object{{"link", set_up_link(console_url(services.settings->api), secret->secret)},
                   {"secret", secret->secret},
                   {"expires", secret->expires}}));
}

}  // namespace

std::vector<Route> session_routes() {
  return {{Access::kAnyone, "POST", "setup", &set_up},
          {Access::kAdmin, "POST", "setup-link", &make_set_up_link},
          {Access::kAnyone, "GET", "session", &show_session},
          {Access::kAnyone, "POST", "session", &begin_session},
          {Access::kRead, "DELETE", "session", &end_session}};
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/login_service.h"

#include "policy/base64.h"
#include "tests/support/microsoft/client_assertion.h"
#include "tests/support/microsoft/login_error.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/tenant.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

constexpr int kTokenLife = 3599;

constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

using Checked = std::expected<void, LoginError>;

// Who asks, and how it proves that.
struct Client {
  std::string id;
  std::optional<std::string> secret;
  std::optional<std::string> assertion;
};

LoginError unknown_application(const std::string& id) {
  return {.status = 400,
          .code = 700016,
          .error = "unauthorized_client",
          .text = "Application with identifier '" + id + "' was not found in the directory."};
}

std::expected<std::string, LoginError> required(const Parameters& form, std::string_view name) {
  auto value = form.find(name);
  if (!value.has_value() || value->empty()) {
    return std::unexpected{missing_parameter(name)};
  }
  return std::move(*value);
}

// HTTP Basic (RFC 6749, 2.3.1) is as good as the form.
std::expected<Client, LoginError> basic_client(std::string_view authorization) {
  const auto pair = policy::decode_base64(authorization.substr(std::string_view{"Basic "}.size()));
  const std::size_t colon = pair.has_value() ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    return std::unexpected{missing_parameter("client_id")};
  }
  auto id = percent_decoded(std::string_view{*pair}.substr(0, colon), true);
  auto secret = percent_decoded(std::string_view{*pair}.substr(colon + 1), true);
  if (!id.has_value() || !secret.has_value()) {
    return std::unexpected{missing_parameter("client_id")};
  }
  return Client{.id = std::move(*id), .secret = std::move(*secret), .assertion = std::nullopt};
}

std::expected<Client, LoginError> read_client(const Request& request, const Parameters& form) {
  const auto authorization = find_field(request.headers, "Authorization");
  if (authorization.has_value() && authorization->starts_with("Basic ")) {
    return basic_client(*authorization);
  }
  auto id = required(form, "client_id");
  if (!id.has_value()) {
    return std::unexpected{id.error()};
  }
  Client client{.id = std::move(*id),
                .secret = form.find("client_secret"),
                .assertion = form.find("client_assertion")};
  if (client.assertion.has_value() && form.find("client_assertion_type") != kAssertionType) {
    return std::unexpected{missing_parameter("client_assertion_type")};
  }
  if (client.assertion.has_value() == client.secret.has_value()) {
    return refuse(401,
                  7000218,
                  "invalid_client",
                  "The request body must contain either 'client_assertion' or 'client_secret'.");
  }
  return client;
}

Checked check_secret(const Application& application, const std::string& secret) {
  if (secret != application.secret || secret.empty()) {
    return refuse(401, 7000215, "invalid_client", "Invalid client secret provided.");
  }
  if (application.is_secret_expired) {
    return refuse(
        401,
        7000222,
        "invalid_client",
        "The provided client secret keys for app '" + application.client_id + "' are expired.");
  }
  return {};
}

// The resource that the scope names, whose roles go into the token.
struct Resource {
  std::string audience;
  const std::vector<std::string>* roles;
};

std::expected<Resource, LoginError> read_scope(const World& world,
                                               const Application& application,
                                               const std::string& scope) {
  constexpr std::string_view kSuffix = "/.default";
  if (!scope.ends_with(kSuffix) || scope.find(' ') != std::string::npos) {
    return refuse(400,
                  70011,
                  "invalid_scope",
                  "The provided request must include a 'scope' input "
                  "parameter. The scope '" +
                      scope + "' is not valid.");
  }
  const std::string audience = scope.substr(0, scope.size() - kSuffix.size());
  if (audience == world.endpoints.graph) {
    return Resource{.audience = audience, .roles = &application.graph_roles};
  }
  if (audience == world.endpoints.exchange) {
    return Resource{.audience = audience, .roles = &application.exchange_roles};
  }
  return refuse(400,
                500011,
                "invalid_resource",
                "The resource principal named " + audience + " was not found in the tenant.");
}

std::string access_token(World& world,
                         const Tenant& tenant,
                         const Application& application,
                         const Resource& resource) {
  const auto now = world.clock.now().count();
  json::object claims;
  claims["aud"] = resource.audience;
  claims["iss"] = world.endpoints.login + '/' + tenant.id + "/v2.0";
  claims["iat"] = now;
  claims["nbf"] = now;
  claims["exp"] = now + kTokenLife;
  claims["appid"] = application.client_id;
  claims["tid"] = tenant.id;
  claims["idtyp"] = "app";
  claims["uti"] = world.random.opaque_text(22);
  if (!resource.roles->empty()) {
    claims["roles"] = json::array(resource.roles->begin(), resource.roles->end());
  }
  return world.key.sign(claims);
}

std::expected<Resource, LoginError> admit(World& world,
                                          Tenant& tenant,
                                          const std::string& tenant_name,
                                          const Client& client,
                                          const std::string& scope) {
  const Application* application = tenant.find_application(client.id);
  if (application == nullptr) {
    return std::unexpected{unknown_application(client.id)};
  }
  const Checked proof = client.secret.has_value()
                            ? check_secret(*application, *client.secret)
                            : check_assertion(world, *application, tenant_name, *client.assertion);
  if (!proof.has_value()) {
    return std::unexpected{proof.error()};
  }
  if (!application->is_consented) {
    return refuse(400,
                  65001,
                  "invalid_grant",
                  "The user or administrator has not consented to use the "
                  "application with ID '" +
                      client.id + "'.");
  }
  return read_scope(world, *application, scope);
}

std::expected<std::string, LoginError> grant(World& world,
                                             const std::string& tenant_name,
                                             const Request& request) {
  const auto type = find_field(request.headers, "Content-Type");
  const auto form = Parameters::parse(request.body);
  if (!form.has_value() || !type.has_value() ||
      !type->starts_with("application/x-www-form-urlencoded")) {
    return std::unexpected{missing_parameter("grant_type")};
  }
  const auto grant_type = required(*form, "grant_type");
  if (!grant_type.has_value()) {
    return std::unexpected{grant_type.error()};
  }
  if (*grant_type != "client_credentials") {
    return refuse(400,
                  70003,
                  "unsupported_grant_type",
                  "The app requested an unsupported grant type '" + *grant_type + "'.");
  }
  if (tenant_name == "common" || tenant_name == "organizations") {
    return refuse(400,
                  9001023,
                  "invalid_request",
                  "The grant type 'client_credentials' is not supported over "
                  "the /common or /organizations endpoints.");
  }
  Site* site = world.find_site(tenant_name);
  if (site == nullptr) {
    return refuse(400, 90002, "invalid_request", "Tenant '" + tenant_name + "' not found.");
  }
  const auto client = read_client(request, *form);
  if (!client.has_value()) {
    return std::unexpected{client.error()};
  }
  const auto scope = required(*form, "scope");
  if (!scope.has_value()) {
    return std::unexpected{scope.error()};
  }
  const auto resource = admit(world, site->tenant, tenant_name, *client, *scope);
  if (!resource.has_value()) {
    return std::unexpected{resource.error()};
  }
  return access_token(world, site->tenant, *site->tenant.find_application(client->id), *resource);
}

Response answer_token(World& world, const std::string& tenant_name, const Request& request) {
  const auto token = grant(world, tenant_name, request);
  if (!token.has_value()) {
    return login_failure(world, token.error());
  }
  json::object body;
  body["token_type"] = "Bearer";
  body["expires_in"] = kTokenLife;
  body["ext_expires_in"] = kTokenLife;
  body["access_token"] = *token;
  return {.status = 200,
          .headers = {{"Content-Type", "application/json; charset=utf-8"},
                      {"Cache-Control", "no-store, no-cache"}},
          .body = json::serialize(body)};
}

std::string with_query(const std::string& url, const Fields& fields) {
  std::string text = url;
  char separator = url.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : fields) {
    text += separator + name + '=' + percent_encoded(value);
    separator = '&';
  }
  return text;
}

Response answer_consent(World& world, const std::string& tenant_name, const Request& request) {
  const auto query = Parameters::parse(request.query);
  const auto redirect = query.has_value() ? query->find("redirect_uri") : std::nullopt;
  const auto client = query.has_value() ? query->find("client_id") : std::nullopt;
  if (!redirect.has_value() || !client.has_value()) {
    return login_failure(world, missing_parameter("client_id"));
  }
  Site* site = tenant_name == "common" ? world.sites.front().get() : world.find_site(tenant_name);
  Application* application = site == nullptr ? nullptr : site->tenant.find_application(*client);
  if (application == nullptr) {
    return login_failure(world, unknown_application(*client));
  }
  const std::string state = query->find("state").value_or("");
  Fields told;
  if (world.consent_is_cancelled) {
    told = {{"error", "permission_denied"},
            {"error_description", "The admin canceled the request"},
            {"state", state}};
  } else {
    application->is_consented = true;
    told = {{"tenant", site->tenant.id}, {"state", state}, {"admin_consent", "True"}};
  }
  return {.status = 302, .headers = {{"Location", with_query(*redirect, told)}}, .body = {}};
}

}  // namespace

Response answer_login(World& world, const Request& request) {
  const auto segments = path_segments(request.path);
  const std::vector<std::string> path = segments.value_or(std::vector<std::string>());
  if (path.size() == 4 && path[1] == "oauth2" && path[2] == "v2.0" && path[3] == "token") {
    return request.method == "POST" ? answer_token(world, path[0], request)
                                    : Response{.status = 405, .headers = {}, .body = {}};
  }
  if (path.size() == 2 && path[1] == "adminconsent" && request.method == "GET") {
    return answer_consent(world, path[0], request);
  }
  return {.status = 404, .headers = {{"Content-Type", "text/html"}}, .body = "<html></html>"};
}

}  // namespace tests::microsoft

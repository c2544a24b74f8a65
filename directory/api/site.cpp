// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/site.h"

#include "directory/accounts/access_control.h"
#include "directory/accounts/principal.h"
#include "directory/api/answer.h"
#include "directory/api/api.h"
#include "directory/clock.h"
#include "directory/http/client.h"
#include "directory/http/server.h"
#include "directory/settings.h"
#include "directory/task.h"
#include "policy/ip_address.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

constexpr unsigned kBadRequest = 400;
constexpr unsigned kForbidden = 403;
constexpr unsigned kUnsupportedMedia = 415;
constexpr unsigned kMisdirected = 421;
constexpr std::string_view kApi = "/api/v1/";

// Whoever shows an answer of ours shows it as it is, in no frame, and tells nobody where it was.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kSecurityHeaders{
    {{"Content-Security-Policy",
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
     {"X-Content-Type-Options", "nosniff"},
     {"X-Frame-Options", "DENY"},
     {"Referrer-Policy", "no-referrer"},
     {"Cross-Origin-Opener-Policy", "same-origin"},
     {"Cross-Origin-Resource-Policy", "same-origin"}}};

std::string_view without_port(std::string_view authority) {
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    return authority.substr(1, bracket == std::string_view::npos ? bracket : bracket - 1);
  }
  return authority.substr(0, authority.find(':'));
}

// The host and port of an absolute URL.
std::string_view authority_of(std::string_view url) {
  const std::size_t slashes = url.find("://");
  if (slashes == std::string_view::npos) {
    return {};
  }
  url.remove_prefix(slashes + 3);
  return url.substr(0, url.find('/'));
}

std::string lower(std::string_view text) {
  std::string lowered{text};
  std::ranges::transform(lowered, lowered.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lowered;
}

bool is_own_host(const ApiSettings& settings, std::string_view host) {
  const std::string name = lower(without_port(host));
  return policy::parse_ip_address(name).has_value() || name == "localhost" ||
         (!settings.public_url.empty() &&
          name == lower(without_port(authority_of(settings.public_url))));
}

bool is_write(std::string_view method) {
  return method != "GET" && method != "HEAD";
}

std::string_view header(const ServedRequest& request, std::string_view name) {
  return find_header(request.headers, name).value_or("");
}

// Refuses what a page of another origin has sent, where the browser says so.
std::expected<void, Problem> check_origin(const ServedRequest& request) {
  const std::string_view site = header(request, "sec-fetch-site");
  const std::string_view origin = header(request, "origin");
  const bool is_foreign =
      (!site.empty() && site != "same-origin" && site != "none") ||
      (!origin.empty() && lower(authority_of(origin)) != lower(header(request, "host")));
  if (is_write(request.method) && is_foreign) {
    return refuse_with(
        kForbidden, "denied", "a page of another site has sent this; open the console itself");
  }
  return {};
}

std::expected<void, Problem> check_media_type(const ServedRequest& request) {
  std::string_view type = header(request, "content-type");
  type = type.substr(0, type.find(';'));
  if (!request.body.empty() && lower(type) != "application/json") {
    return refuse_with(
        kUnsupportedMedia, "invalid", "send JSON, as Content-Type: application/json");
  }
  return {};
}

std::expected<void, Problem> check_csrf(AccessControl& access,
                                        const ServedRequest& request,
                                        const Principal& principal) {
  // Whoever signs in anew has no token of the session to come.
  const bool begins_session = request.path == "/api/v1/session" && request.method == "POST";
  if (principal.means != Principal::Means::kSession || !is_write(request.method) ||
      begins_session ||
      access.sessions().is_csrf_token(principal.session, header(request, "x-csrf-token"))) {
    return {};
  }
  return refuse_with(kForbidden,
                     "csrf",
                     "X-CSRF-Token is not that of this session; read it again from "
                     "/api/v1/session");
}

struct Site {
  ApiServices services;
  ApiEntrance api;
  HttpHandler callback;
  HttpHandler console;
};

// Who asks, if what the request shows and where it comes from are in order.
std::expected<Authenticated, Problem> admit(const Site& site, const ServedRequest& request) {
  if (auto checked = check_origin(request); !checked.has_value()) {
    return std::unexpected{std::move(checked).error()};
  }
  if (auto checked = check_media_type(request); !checked.has_value()) {
    return std::unexpected{std::move(checked).error()};
  }
  auto found =
      site.services.access->authenticate(request.headers, request.client_address, now_in_seconds());
  if (!found.has_value()) {
    return refuse(found.error());
  }
  if (!found->refused_for.empty()) {
    return refuse_with(kBadRequest, "invalid", found->refused_for);
  }
  if (found->retry_after > 0) {
    return refuse_for(found->retry_after, "too many tokens were wrong; wait a while");
  }
  const std::optional<Principal>& principal = found->principal;
  if (principal.has_value()) {
    auto checked = check_csrf(*site.services.access, request, *principal);
    if (!checked.has_value()) {
      return std::unexpected{std::move(checked).error()};
    }
  }
  return *std::move(found);
}

Task<ServedResponse> serve_api(std::shared_ptr<const Site> site, ServedRequest request) {
  auto admitted = admit(*site, request);
  if (!admitted.has_value()) {
    co_return to_response(std::unexpected{std::move(admitted).error()});
  }
  const std::string set_cookie = std::move(admitted->set_cookie);
  Caller caller{.principal = std::move(admitted->principal).value_or(Principal{}),
                .secret = std::move(admitted->secret)};
  ServedResponse response = co_await site->api(std::move(request), std::move(caller));
  // An operation that ends or begins the session has the last word.
  if (!set_cookie.empty() && !find_header(response.headers, "set-cookie").has_value()) {
    response.headers.emplace_back("Set-Cookie", set_cookie);
  }
  co_return response;
}

Task<ServedResponse> nothing_here() {
  ServedResponse response;
  response.status = 404;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  response.body = "There is nothing at this address.\n";
  co_return response;
}

Task<ServedResponse> route(std::shared_ptr<const Site> site, ServedRequest request) {
  if (!is_own_host(site->services.settings->api, header(request, "host"))) {
    co_return to_response(refuse_with(
        kMisdirected,
        "misdirected",
        "this server does not go by that name; use its address or the name in api.public_url"));
  }
  if (request.path.starts_with(kApi)) {
    co_return co_await serve_api(site, std::move(request));
  }
  if (request.path == "/oauth/callback") {
    co_return co_await site->callback(std::move(request));
  }
  if (site->console) {
    co_return co_await site->console(std::move(request));
  }
  co_return co_await nothing_here();
}

Task<ServedResponse> serve(std::shared_ptr<const Site> site, ServedRequest request) {
  ServedResponse response = co_await route(site, std::move(request));
  for (const auto& [name, value] : kSecurityHeaders) {
    if (!find_header(response.headers, name).has_value()) {
      response.headers.emplace_back(name, value);
    }
  }
  co_return response;
}

}  // namespace

HttpHandler make_site_handler(const ApiServices& services, HttpHandler console) {
  const auto site =
      std::make_shared<const Site>(Site{.services = services,
                                        .api = make_api_entrance(services),
                                        .callback = make_callback_handler(*services.control),
                                        .console = std::move(console)});
  return [site](ServedRequest request) { return serve(site, std::move(request)); };
}

}  // namespace directory

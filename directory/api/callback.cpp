// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/api.h"
#include "directory/http/server.h"
#include "directory/sync/sync_control.h"
#include "directory/task.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

constexpr unsigned kBadRequest = 400;
constexpr unsigned kNotFound = 404;
constexpr unsigned kMethodNotAllowed = 405;

std::string html_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : policy::visible_text(text)) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

ServedResponse page(unsigned status, std::string_view title, std::string_view text) {
  ServedResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Content-Security-Policy",
                       "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
                       "form-action 'none'"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cache-Control", "no-store"}};
  response.body =
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>fromguard: " +
      html_escaped(title) + "</title>\n<h1>" + html_escaped(title) + "</h1>\n<p>" +
      html_escaped(text) +
      "</p>\n<p><a href=\"/settings/directories\">Back to the directories</a></p>\n</html>\n";
  return response;
}

Task<ServedResponse> serve_callback(SyncControl* control, ServedRequest request) {
  if (request.path != "/oauth/callback") {
    co_return page(kNotFound, "Nothing here", "There is nothing to see at this address.");
  }
  if (request.method != "GET") {
    ServedResponse refused = page(kMethodNotAllowed, "Not that way", "This page takes GET alone.");
    refused.headers.emplace_back("Allow", "GET");
    co_return refused;
  }
  const policy::Result<std::string> outcome =
      co_await control->complete_authorization(std::move(request.query));
  if (!outcome.has_value()) {
    co_return page(kBadRequest, "Not authorized", outcome.error().message);
  }
  co_return page(200, "Authorized", *outcome);
}

}  // namespace

HttpHandler make_callback_handler(SyncControl& control) {
  SyncControl* const asked = &control;
  return [asked](ServedRequest request) { return serve_callback(asked, std::move(request)); };
}

}  // namespace directory

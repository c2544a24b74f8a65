// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/graph_answer.h"

#include "directory/graph/backoff.h"
#include "directory/graph/failure.h"
#include "directory/graph/graph_client.h"
#include "directory/graph/token_answer.h"
#include "directory/http/client.h"
#include "directory/http/url.h"
#include "policy/result.h"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace directory {
namespace {

namespace json = boost::json;
using Kind = GraphFailureKind;

// Codes, inner ones too, of a delta or paging link that is of no use any more.
constexpr std::array<std::string_view, 7> kResyncCodes{"syncstatenotfound",
                                                       "syncstateinvalid",
                                                       "resyncrequired",
                                                       "resyncapplydifferences",
                                                       "resyncuploaddifferences",
                                                       "resyncchangesapplydifferences",
                                                       "directory_expiredpagetoken"};

// The error envelope of Graph; empty members where there is none.
struct ServiceError {
  std::string code;
  std::string inner_code;
  std::string message;
};

std::string text_member(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

const json::object* object_member(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found == nullptr ? nullptr : found->if_object();
}

ServiceError read_error(std::string_view body) {
  boost::system::error_code failed;
  const json::value value = json::parse(body, failed);
  const json::object* root = failed ? nullptr : value.if_object();
  const json::object* error = root == nullptr ? nullptr : object_member(*root, "error");
  if (error == nullptr) {
    return {};
  }
  const json::object* inner = object_member(*error, "innerError");
  if (inner == nullptr) {
    inner = object_member(*error, "innererror");
  }
  return {.code = first_sentence(text_member(*error, "code")),
          .inner_code = inner == nullptr ? std::string{} : text_member(*inner, "code"),
          .message = first_sentence(text_member(*error, "message"))};
}

bool is_resync_code(std::string code) {
  std::ranges::transform(code, code.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::ranges::find(kResyncCodes, code) != kResyncCodes.end();
}

Kind kind_of(unsigned status, const ServiceError& error) {
  if (status == 429 || status == 424 || (status >= 500 && status != 501)) {
    return Kind::kUnavailable;
  }
  if (status == 410 || is_resync_code(error.code) || is_resync_code(error.inner_code)) {
    return Kind::kResync;
  }
  switch (status) {
    case 401:
      // The tenant has no service principal of this application.
      return error.code == "Authorization_IdentityNotFound" ? Kind::kConsent : Kind::kCredential;
    case 403: return Kind::kPermission;
    case 404: return Kind::kNotFound;
    default: return Kind::kRefused;
  }
}

std::string advice_for(Kind kind, const Asked& asked) {
  switch (kind) {
    case Kind::kPermission:
      return fmt::format("; {}, then {}",
                         asked.permission.empty()
                             ? "grant the application the permission that is missing"
                             : "grant the application " + asked.permission,
                         kAuthorizeAgain);
    case Kind::kCredential:
    case Kind::kConsent: return fmt::format("; {}", kAuthorizeAgain);
    case Kind::kUnavailable: return "; it may work later";
    default: return {};
  }
}

// What the service said, in one sentence.
std::string describe(unsigned status, const ServiceError& error, const Asked& asked) {
  std::string text = fmt::format("Graph answers {} {} with {}", asked.method, asked.path, status);
  if (!error.code.empty() || !error.message.empty()) {
    text += fmt::format(" ({}: {})", error.code, error.message);
  }
  return text;
}

std::string resync_link(const HttpResponse& response, const Asked& asked) {
  const auto location = find_header(response.headers, "Location");
  if (!location) {
    return {};
  }
  const auto url = Url::parse(*location);
  return url.has_value() && url->origin() == asked.origin ? url->text() : std::string{};
}

JudgedAnswer no_json(unsigned status, const Asked& asked) {
  std::string message =
      fmt::format("Graph answers {} {} with {} and something that is no JSON; it may work later",
                  asked.method,
                  asked.path,
                  status);
  return {.result = std::unexpected{graph_failure(Kind::kUnavailable, std::move(message), status)},
          .may_work_later = true,
          .asked_for = std::nullopt};
}

bool is_usable(const HttpResponse& response, const Asked& asked) {
  if (response.body.empty()) {
    return response.status != 200 || asked.method != "GET";
  }
  return is_json(response.body);
}

}  // namespace

JudgedAnswer judge_answer(HttpResponse response, const Asked& asked) {
  if (response.status >= 200 && response.status < 300) {
    if (!is_usable(response, asked)) {
      return no_json(response.status, asked);
    }
    return {.result = GraphAnswer{.status = response.status, .body = std::move(response.body)},
            .may_work_later = false,
            .asked_for = std::nullopt};
  }
  ServiceError error = read_error(response.body);
  const Kind kind = kind_of(response.status, error);
  std::string message = describe(response.status, error, asked) + advice_for(kind, asked);
  GraphFailure failure =
      graph_failure(kind, std::move(message), response.status, std::move(error.code));
  if (kind == Kind::kResync) {
    failure.resync_link = resync_link(response, asked);
  }
  return {.result = std::unexpected{std::move(failure)},
          .may_work_later = kind == Kind::kUnavailable,
          .asked_for = retry_after(response.headers)};
}

JudgedAnswer judge_transport_failure(policy::Error error, const Asked& asked) {
  const bool is_passing = error.code == policy::ErrorCode::kUnavailable;
  std::string message = fmt::format("{} {}: {}", asked.method, asked.path, error.message);
  return {.result = std::unexpected{graph_failure(is_passing ? Kind::kUnavailable : Kind::kRefused,
                                                  std::move(message))},
          .may_work_later = is_passing,
          .asked_for = std::nullopt};
}

bool is_json(std::string_view text) {
  json::monotonic_resource memory;
  boost::system::error_code error;
  const json::value value = json::parse(text, error, &memory);
  return !error;
}

}  // namespace directory

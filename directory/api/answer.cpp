// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"

#include "directory/http/server.h"
#include "policy/result.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

using policy::ErrorCode;

constexpr unsigned kBadRequest = 400;
constexpr unsigned kUnauthorized = 401;
constexpr unsigned kForbidden = 403;
constexpr unsigned kNotFound = 404;
constexpr unsigned kMethodNotAllowed = 405;
constexpr unsigned kConflict = 409;
constexpr unsigned kPreconditionFailed = 412;
constexpr unsigned kUnprocessable = 422;
constexpr unsigned kTooManyRequests = 429;
constexpr unsigned kInternalError = 500;
constexpr unsigned kUnavailable = 503;

std::string_view title_of(unsigned status) {
  switch (status) {
    case kBadRequest: return "Bad Request";
    case kUnauthorized: return "Unauthorized";
    case kForbidden: return "Forbidden";
    case kNotFound: return "Not Found";
    case kMethodNotAllowed: return "Method Not Allowed";
    case kConflict: return "Conflict";
    case kPreconditionFailed: return "Precondition Failed";
    case kUnprocessable: return "Unprocessable Content";
    case kTooManyRequests: return "Too Many Requests";
    case kUnavailable: return "Service Unavailable";
    default: return "Internal Server Error";
  }
}

Problem problem_of(const policy::Error& error) {
  Problem problem{
      .status = kInternalError, .code = "internal", .detail = error.message, .pointer = {}};
  const auto set = [&](unsigned status, std::string_view code) {
    problem.status = status;
    problem.code = code;
  };
  switch (error.code) {
    case ErrorCode::kInvalidInput: set(kUnprocessable, "invalid"); break;
    case ErrorCode::kNotFound: set(kNotFound, "not_found"); break;
    case ErrorCode::kUnavailable: set(kUnavailable, "unavailable"); break;
    case ErrorCode::kDenied: set(kForbidden, "denied"); break;
    case ErrorCode::kBusy: set(kConflict, "busy"); break;
    case ErrorCode::kConflict: set(kConflict, "conflict"); break;
    case ErrorCode::kChanged: set(kPreconditionFailed, "changed"); break;
  }
  return problem;
}

}  // namespace

Answer answer(std::string json) {
  Answer made;
  made.json = std::move(json);
  return made;
}

std::unexpected<Problem> refuse(const policy::Error& error) {
  return std::unexpected{problem_of(error)};
}

std::unexpected<Problem> refuse_credentials(std::string detail) {
  return std::unexpected{Problem{.status = kUnauthorized,
                                 .code = "unauthenticated",
                                 .detail = std::move(detail),
                                 .pointer = {}}};
}

std::unexpected<Problem> refuse_for(std::int64_t seconds, std::string detail) {
  return std::unexpected{Problem{.status = kTooManyRequests,
                                 .code = "too_many",
                                 .detail = std::move(detail),
                                 .pointer = {},
                                 .retry_after = seconds}};
}

std::unexpected<Problem> refuse_request(std::string detail, std::string pointer) {
  return std::unexpected{Problem{.status = kBadRequest,
                                 .code = "invalid",
                                 .detail = std::move(detail),
                                 .pointer = std::move(pointer)}};
}

std::unexpected<Problem> refuse_conflict(std::string detail) {
  return std::unexpected{
      Problem{.status = kConflict, .code = "conflict", .detail = std::move(detail), .pointer = {}}};
}

std::unexpected<Problem> refuse_existing(std::string detail) {
  return std::unexpected{
      Problem{.status = kConflict, .code = "exists", .detail = std::move(detail), .pointer = {}}};
}

ServedResponse to_response(ApiResult result) {
  ServedResponse response;
  response.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  if (result.has_value()) {
    response.status = result->status;
    response.headers.emplace_back("Content-Type", "application/json");
    if (!result->location.empty()) {
      response.headers.emplace_back("Location", std::move(result->location));
    }
    std::ranges::move(result->headers, std::back_inserter(response.headers));
    response.body = std::move(result->json);
    return response;
  }
  const Problem& problem = result.error();
  boost::json::object object{{"type", "about:blank"},
                             {"title", title_of(problem.status)},
                             {"status", problem.status},
                             {"detail", problem.detail},
                             {"code", problem.code}};
  if (!problem.pointer.empty()) {
    object["pointer"] = problem.pointer;
  }
  response.status = problem.status;
  response.headers.emplace_back("Content-Type", "application/problem+json");
  if (problem.retry_after > 0) {
    response.headers.emplace_back("Retry-After", std::to_string(problem.retry_after));
  }
  response.body = boost::json::serialize(object);
  return response;
}

}  // namespace directory

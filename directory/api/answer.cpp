// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/answer.h"

#include "directory/http/server.h"
#include "policy/name/charset.h"
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
constexpr unsigned kUnsupportedMedia = 415;
constexpr unsigned kMisdirected = 421;
constexpr unsigned kUnprocessable = 422;
constexpr unsigned kPreconditionRequired = 428;
constexpr unsigned kTooMany = 429;
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
    case kUnsupportedMedia: return "Unsupported Media Type";
    case kMisdirected: return "Misdirected Request";
    case kUnprocessable: return "Unprocessable Content";
    case kPreconditionRequired: return "Precondition Required";
    case kTooMany: return "Too Many Requests";
    case kUnavailable: return "Service Unavailable";
    default: return "Internal Server Error";
  }
}

Problem problem_of(const policy::Error& error) {
  Problem problem{.status = kInternalError,
                  .code = "internal",
                  .detail = error.message,
                  .pointer = {},
                  .headers = {}};
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

Answer answer(std::string json, unsigned status, std::string location) {
  Answer made;
  made.status = status;
  made.json = std::move(json);
  made.location = std::move(location);
  return made;
}

std::unexpected<Problem> refuse_with(unsigned status,
                                     std::string code,
                                     std::string detail,
                                     std::string pointer) {
  Problem problem;
  problem.status = status;
  problem.code = std::move(code);
  problem.detail = std::move(detail);
  problem.pointer = std::move(pointer);
  return std::unexpected{std::move(problem)};
}

std::unexpected<Problem> refuse(const policy::Error& error) {
  return std::unexpected{problem_of(error)};
}

std::unexpected<Problem> refuse_credentials(std::string detail) {
  Problem problem;
  problem.status = kUnauthorized;
  problem.code = "unauthenticated";
  problem.detail = std::move(detail);
  problem.headers = {{"WWW-Authenticate", "Bearer"}};
  return std::unexpected{std::move(problem)};
}

std::unexpected<Problem> refuse_for(std::int64_t seconds, std::string detail) {
  Problem problem;
  problem.status = kTooMany;
  problem.code = "too_many";
  problem.detail = std::move(detail);
  problem.headers = {{"Retry-After", std::to_string(seconds)}};
  return std::unexpected{std::move(problem)};
}

std::unexpected<Problem> refuse_request(std::string detail, std::string pointer) {
  return refuse_with(kBadRequest, "invalid", std::move(detail), std::move(pointer));
}

std::unexpected<Problem> refuse_conflict(std::string detail) {
  return refuse_with(kConflict, "conflict", std::move(detail));
}

std::unexpected<Problem> refuse_existing(std::string detail) {
  return refuse_with(kConflict, "exists", std::move(detail));
}

ServedResponse to_response(ApiResult result) {
  ServedResponse response;
  response.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  if (result.has_value()) {
    response.status = result->status;
    response.headers.emplace_back("Content-Type", std::move(result->content_type));
    if (!result->location.empty()) {
      response.headers.emplace_back("Location", std::move(result->location));
    }
    std::ranges::move(result->headers, std::back_inserter(response.headers));
    response.body = std::move(result->json);
    response.stream = std::move(result->stream);
    return response;
  }
  const Problem& problem = result.error();
  boost::json::object object{{"type", "about:blank"},
                             {"title", title_of(problem.status)},
                             {"status", problem.status},
                             {"detail", policy::raw_to_utf8(problem.detail)},
                             {"code", problem.code}};
  if (!problem.pointer.empty()) {
    object["pointer"] = policy::raw_to_utf8(problem.pointer);
  }
  response.status = problem.status;
  response.headers.emplace_back("Content-Type", "application/problem+json");
  response.headers.insert(response.headers.end(), problem.headers.begin(), problem.headers.end());
  response.body = boost::json::serialize(object);
  return response;
}

}  // namespace directory

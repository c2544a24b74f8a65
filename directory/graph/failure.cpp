// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/failure.h"

#include "policy/result.h"

#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

policy::ErrorCode code_of(GraphFailureKind kind) {
  switch (kind) {
    case GraphFailureKind::kUnavailable:
    case GraphFailureKind::kClock:
    case GraphFailureKind::kResync: return policy::ErrorCode::kUnavailable;
    case GraphFailureKind::kCredential:
    case GraphFailureKind::kConsent:
    case GraphFailureKind::kPermission: return policy::ErrorCode::kDenied;
    case GraphFailureKind::kNotFound: return policy::ErrorCode::kNotFound;
    case GraphFailureKind::kTenant:
    case GraphFailureKind::kRefused:
    case GraphFailureKind::kForeignLink: return policy::ErrorCode::kInvalidInput;
  }
  return policy::ErrorCode::kInvalidInput;
}

}  // namespace

GraphFailure graph_failure(GraphFailureKind kind,
                           std::string message,
                           unsigned status,
                           std::string code) {
  return {.kind = kind,
          .message = std::move(message),
          .status = status,
          .code = std::move(code),
          .resync_link = {}};
}

std::string_view word_of(GraphFailureKind kind) {
  switch (kind) {
    case GraphFailureKind::kUnavailable: return "unavailable";
    case GraphFailureKind::kCredential: return "credential";
    case GraphFailureKind::kClock: return "clock";
    case GraphFailureKind::kConsent: return "consent";
    case GraphFailureKind::kPermission: return "permission";
    case GraphFailureKind::kTenant: return "tenant";
    case GraphFailureKind::kNotFound: return "not_found";
    case GraphFailureKind::kResync: return "resync";
    case GraphFailureKind::kRefused: return "refused";
    case GraphFailureKind::kForeignLink: return "foreign_link";
  }
  return "refused";
}

policy::Error to_error(GraphFailure failure) {
  return {.code = code_of(failure.kind), .message = std::move(failure.message)};
}

}  // namespace directory

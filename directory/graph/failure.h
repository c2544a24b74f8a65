// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <expected>
#include <string>
#include <string_view>

namespace directory {

/// Why Microsoft did not do what was asked, so that callers can branch.
enum class GraphFailureKind {
  kUnavailable,  ///< network, 5xx, throttled for too long: it may work later
  kCredential,   ///< secret or certificate is wrong, expired or unreadable
  kClock,        ///< the assertion is outside its valid time: this machine's clock
  kConsent,      ///< the application is unknown to the tenant, or consent is missing or revoked
  kPermission,   ///< 403: a permission is missing
  kTenant,       ///< no such tenant in this cloud
  kNotFound,     ///< 404
  kResync,       ///< 410, syncStateNotFound, resyncRequired: the delta link is of no use any more
  kRefused,      ///< any other refusal: policy, a request the service calls bad
  kForeignLink,  ///< a next link leads to another origin; it was not followed
};

struct GraphFailure {
  GraphFailureKind kind = GraphFailureKind::kUnavailable;
  std::string message;      ///< what happened and what to do; no secrets
  unsigned status = 0;      ///< HTTP status; 0 if there was no response
  std::string code;         ///< `error.code` of Graph, or AADSTS code; may be empty
  std::string resync_link;  ///< of `kResync`: where the service says to begin anew; may be empty
};

/// A failure with no link to begin anew from.
[[nodiscard]] GraphFailure graph_failure(GraphFailureKind kind,
                                         std::string message,
                                         unsigned status = 0,
                                         std::string code = {});

template <typename T>
using GraphResult = std::expected<T, GraphFailure>;

/// A stable word for the kind, for notifications and logs: `credential`, say.
[[nodiscard]] std::string_view word_of(GraphFailureKind kind);

/// The failure as the error of everything else: consent, permission and credential are `kDenied`.
[[nodiscard]] policy::Error to_error(GraphFailure failure);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/verdict.h"

#include "policy/verdict/finding.h"

#include <algorithm>
#include <string_view>

namespace gateway {

std::string_view word(Degradation degradation) {
  switch (degradation) {
    case Degradation::kNoSnapshot: return "no_snapshot";
    case Degradation::kStaleSnapshot: return "stale_snapshot";
    case Degradation::kInternalError: return "internal_error";
    case Degradation::kConnections: return "connections";
    case Degradation::kRecipients: return "recipients";
    case Degradation::kAuthenticationUnavailable: return "authentication_unavailable";
    case Degradation::kNoOutboundTenants: return "no_outbound_tenants";
  }
  return "";
}

policy::ActionKind Verdict::action() const {
  policy::ActionKind action = policy::ActionKind::kAccept;
  if (const JudgedFinding* finding = deciding(); finding != nullptr) {
    action = finding->decision.action;
  }
  return degradation.has_value() ? std::max(action, degraded_action) : action;
}

}  // namespace gateway

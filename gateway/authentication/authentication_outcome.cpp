// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/authentication_outcome.h"

#include "gateway/authentication/dkim/dkim_result.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/verdict/authentication.h"

#include <algorithm>
#include <string_view>

namespace gateway {
namespace {

bool has_aligned_signature(const AuthenticationOutcome& outcome) {
  return std::ranges::any_of(outcome.dkim, [](const DkimOutcome& signature) {
    return signature.is_aligned && signature.result == DkimResult::kPass;
  });
}

policy::AuthenticationResults::Dmarc in_policy(DmarcResult result) {
  using Dmarc = policy::AuthenticationResults::Dmarc;
  switch (result) {
    case DmarcResult::kNone: return Dmarc::kNone;
    case DmarcResult::kPass: return Dmarc::kPass;
    case DmarcResult::kFail: return Dmarc::kFail;
    case DmarcResult::kTempError:
    case DmarcResult::kPermError: break;
  }
  return Dmarc::kUnknown;
}

}  // namespace

std::string_view word(DmarcResult result) {
  switch (result) {
    case DmarcResult::kNone: return "none";
    case DmarcResult::kPass: return "pass";
    case DmarcResult::kFail: return "fail";
    case DmarcResult::kTempError: return "temperror";
    case DmarcResult::kPermError: break;
  }
  return "permerror";
}

bool AuthenticationOutcome::has_aligned_pass() const {
  return (is_spf_aligned && spf == SpfResult::kPass) || has_aligned_signature(*this);
}

policy::AuthenticationResults AuthenticationOutcome::results() const {
  return {.dmarc = dmarc.has_value() ? in_policy(*dmarc)
                                     : policy::AuthenticationResults::Dmarc::kUnknown,
          .aligned_pass = has_aligned_pass(),
          .dkim_aligned = has_aligned_signature(*this)};
}

}  // namespace gateway

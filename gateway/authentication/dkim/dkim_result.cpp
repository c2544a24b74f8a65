// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/authentication/dkim/dkim_result.h"

#include "gateway/authentication/dkim/dkim_signature.h"
#include "gateway/authentication/helper/helper_message.h"
#include "gateway/message/octets.h"

#include <string_view>

namespace gateway {
namespace {

// RFC 8301, 3.2.
constexpr unsigned kLeastRsaBits = 1024;

}  // namespace

std::string_view word(DkimResult result) {
  switch (result) {
    case DkimResult::kNone: return "none";
    case DkimResult::kPass: return "pass";
    case DkimResult::kFail: return "fail";
    case DkimResult::kPolicy: return "policy";
    case DkimResult::kNeutral: return "neutral";
    case DkimResult::kTempError: return "temperror";
    case DkimResult::kPermError: break;
  }
  return "permerror";
}

DkimResult dkim_result(const DkimSignature& signature, const DkimFacts& facts) {
  if (facts.failed_for_now) {
    return DkimResult::kTempError;
  }
  if (!equal_ignoring_case(facts.domain, signature.domain) ||
      !equal_ignoring_case(facts.selector, signature.selector)) {
    return DkimResult::kPermError;
  }
  if (!facts.is_verified) {
    return DkimResult::kFail;
  }
  const bool is_short = signature.is_rsa && facts.key_bits < kLeastRsaBits;
  const bool is_nothing_to_rely_on =
      facts.is_test_key || facts.is_sha1 || facts.leaves_body_unsigned || is_short;
  return is_nothing_to_rely_on ? DkimResult::kPolicy : DkimResult::kPass;
}

}  // namespace gateway

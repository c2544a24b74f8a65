// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/relay_objection.h"

#include <string_view>

namespace gateway {

using Kind = RelayObjection::Kind;

std::string_view word(Kind kind) {
  switch (kind) {
    case Kind::kNoTenant: return "no_tenant";
    case Kind::kRepeatedTenant: return "repeated_tenant";
    case Kind::kUnknownTenant: return "unknown_tenant";
    case Kind::kNoSecret: return "no_secret";
    case Kind::kRepeatedSecret: return "repeated_secret";
    case Kind::kWrongSecret: return "wrong_secret";
    case Kind::kSameRecipient: return "same_recipient";
    case Kind::kTooManyPasses: return "too_many_passes";
  }
  return "";
}

bool is_loop(Kind kind) {
  return kind == Kind::kSameRecipient || kind == Kind::kTooManyPasses;
}

std::string_view reply_text(Kind kind) {
  if (kind == Kind::kSameRecipient) {
    return "routing loop: this message was here for the same recipient before; in Exchange the "
           "recipient's domain must be of type Authoritative, and no OnPremises connector may name "
           "this relay";
  }
  if (kind == Kind::kTooManyPasses) {
    return "routing loop: this message was here too often; in Exchange the recipients' domains "
           "must be of type Authoritative, and no OnPremises connector may name this relay";
  }
  // One text for all: which of the two was wrong is nobody's to try out.
  return "this relay carries outbound mail of its own Microsoft 365 tenants alone; send it through "
         "the tenant's connector to this relay, with the transport rule that marks its mail "
         "switched on, or ask the administrator of this relay";
}

}  // namespace gateway

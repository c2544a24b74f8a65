// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/authentication.h"

namespace policy {

bool address_is_authentic(AuthenticationRequirement requirement,
                          const AuthenticationResults& results) {
  using Dmarc = AuthenticationResults::Dmarc;
  switch (requirement) {
    case AuthenticationRequirement::kNever: return true;
    case AuthenticationRequirement::kPublished: return results.dmarc != Dmarc::kFail;
    case AuthenticationRequirement::kAlways:
      return results.dmarc == Dmarc::kPass || results.aligned_pass;
  }
  return false;
}

}  // namespace policy

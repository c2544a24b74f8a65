// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/match.h"

#include <string_view>

namespace policy {

std::string_view word(Match match) {
  switch (match) {
    case Match::kExact: return "exact";
    case Match::kReordered: return "reordered";
    case Match::kDecorated: return "decorated";
    case Match::kLookalike: return "lookalike";
    case Match::kAddress: return "address";
    case Match::kNickname: return "nickname";
    case Match::kTypo: return "typo";
    case Match::kLocalPart: return "local_part";
  }
  return "";
}

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace policy {

/// How the shown name relates to the protected one, from the strongest to the weakest.
enum class Match {
  kExact,      ///< same tokens in the same order; case, width, spacing, punctuation, marks aside
  kReordered,  ///< same tokens in another order
  kDecorated,  ///< one of the above after dropping decorations, or within a segment
  kLookalike,  ///< equal only by confusables, invisible characters, bidi, script, digits
  kAddress,    ///< the shown text holds an address of the person or the organization
  kNickname,
  kTypo,
  kLocalPart,
};

/// The word used for it in configuration, headers and logs.
[[nodiscard]] std::string_view word(Match match);

}  // namespace policy

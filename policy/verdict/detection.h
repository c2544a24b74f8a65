// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/verdict/finding.h"
#include "policy/verdict/sender_field.h"

#include <cstddef>
#include <vector>

namespace policy {

/// What a message shows about the protected people of the organizations asked.
struct Detection {
  /// At most one for each person and field and one `malformed_from` for each organization, by
  /// organization, the strongest first, those of From before the others.
  std::vector<Finding> findings;

  /// Protected people who are shown with an address of their own: findings of kind
  /// `spoofed_address` that stand only if the address turns out not to be authentic.
  std::vector<Finding> if_not_authentic;

  std::vector<FieldLimit> limits;  ///< every limit that reading or judging hit
  std::size_t look_ups = 0;        ///< point look-ups made
};

}  // namespace policy

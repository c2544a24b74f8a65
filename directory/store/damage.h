// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <expected>
#include <string>

namespace directory {

/// The failure for a state database that cannot be believed, with what to do.
[[nodiscard]] inline std::unexpected<policy::Error> damaged(const std::string& what) {
  return policy::fail(policy::ErrorCode::kInvalidInput,
                      what +
                          "; the state database is damaged: restore its folder from a backup, or "
                          "remove it; then the next sync reads everything anew, but what people "
                          "have added (protection, secondary emails, directories, relay) is lost");
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

namespace directory {

/// Exit statuses, as sysexits(3) names them.
enum class ExitStatus {
  kDone = 0,
  kUsage = 64,
  kBadInput = 65,
  kNoInput = 66,
  kInternalError = 70,
  kCannotCreate = 73,
  kInputOutput = 74,
  kBusy = 75,
  kNoPermission = 77,
  kBadConfiguration = 78,
};

/// The status that tells of this failure to read or write.
[[nodiscard]] ExitStatus exit_status_of(policy::ErrorCode code);

}  // namespace directory

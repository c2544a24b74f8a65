// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/commands/exit_status.h"

#include "policy/result.h"

namespace directory {

ExitStatus exit_status_of(policy::ErrorCode code) {
  switch (code) {
    case policy::ErrorCode::kInvalidInput: return ExitStatus::kBadInput;
    case policy::ErrorCode::kNotFound: return ExitStatus::kNoInput;
    case policy::ErrorCode::kUnavailable: return ExitStatus::kInputOutput;
    case policy::ErrorCode::kDenied: return ExitStatus::kNoPermission;
    case policy::ErrorCode::kBusy: return ExitStatus::kBusy;
  }
  return ExitStatus::kInternalError;
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/exit_status.h"
#include "policy/result.h"

namespace directory {

/// How a command ends that could not read a source or write a generation: what is unavailable to
/// this daemon is a disk.
[[nodiscard]] constexpr policy::ExitStatus failure_status(policy::ErrorCode code) {
  return code == policy::ErrorCode::kUnavailable ? policy::ExitStatus::kIoError
                                                 : policy::exit_status_of(code);
}

}  // namespace directory

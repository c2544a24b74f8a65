// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

namespace policy {

/// How the programs end, as sysexits(3) has it.
enum class ExitStatus {
  kDone = 0,
  kUsage = 64,          ///< wrong command line
  kBadData = 65,        ///< wrong input
  kNoInput = 66,        ///< an input that is not there
  kUnavailable = 69,    ///< something needed is not to be had: an address in use, say
  kInternal = 70,       ///< a fault of the program
  kCannotCreate = 73,   ///< an output that cannot be made
  kIoError = 74,        ///< reading or writing failed
  kTemporary = 75,      ///< try again later: somebody else is at it
  kDenied = 77,         ///< a permission or a yes is missing
  kConfiguration = 78,  ///< wrong configuration
};

/// What `main` returns.
[[nodiscard]] constexpr int to_int(ExitStatus status) {
  return static_cast<int>(status);
}

/// The status for an error that ends a program outside of its configuration.
[[nodiscard]] constexpr ExitStatus exit_status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidInput: return ExitStatus::kBadData;
    case ErrorCode::kNotFound: return ExitStatus::kNoInput;
    case ErrorCode::kUnavailable: return ExitStatus::kUnavailable;
    case ErrorCode::kDenied: return ExitStatus::kDenied;
    case ErrorCode::kBusy: return ExitStatus::kTemporary;
    case ErrorCode::kConflict: return ExitStatus::kBadData;
    case ErrorCode::kChanged: return ExitStatus::kTemporary;
  }
  return ExitStatus::kInternal;
}

}  // namespace policy

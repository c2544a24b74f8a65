// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/cmdlet.h"

#include "policy/result.h"

#include <utility>

namespace directory {

bool is_read(const Cmdlet& cmdlet) {
  return cmdlet.name.starts_with("Get-");
}

policy::Error to_error(CmdletFailure failure) {
  using Kind = CmdletFailureKind;
  using policy::ErrorCode;
  const auto code = [](Kind kind) {
    switch (kind) {
      case Kind::kUnavailable:
      case Kind::kBusy: return ErrorCode::kUnavailable;
      case Kind::kCredential:
      case Kind::kPermission: return ErrorCode::kDenied;
      case Kind::kNotFound: return ErrorCode::kNotFound;
      case Kind::kExists: return ErrorCode::kConflict;
      case Kind::kParameter:
      case Kind::kRefused: return ErrorCode::kInvalidInput;
    }
    return ErrorCode::kInvalidInput;
  };
  return {.code = code(failure.kind), .message = std::move(failure.message)};
}

}  // namespace directory

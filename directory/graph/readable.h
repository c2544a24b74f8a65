// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/failure.h"
#include "policy/result.h"

#include <expected>
#include <string_view>
#include <utility>

namespace directory {

/// The failure of an answer about `what` that cannot be used: `kRefused`, as it will not be better
/// when it is asked for again.
[[nodiscard]] GraphFailure unreadable(std::string_view what, const policy::Error& error);

/// What was decoded, or that it could not be.
template <typename T>
[[nodiscard]] GraphResult<T> readable(std::string_view what, policy::Result<T> decoded) {
  if (!decoded.has_value()) {
    return std::unexpected{unreadable(what, decoded.error())};
  }
  return *std::move(decoded);
}

}  // namespace directory

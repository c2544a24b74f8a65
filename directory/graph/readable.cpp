// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/readable.h"

#include "directory/graph/failure.h"
#include "policy/result.h"

#include <string_view>

#include <fmt/format.h>

namespace directory {

GraphFailure unreadable(std::string_view what, const policy::Error& error) {
  return graph_failure(
      GraphFailureKind::kRefused,
      fmt::format("Graph's answer about {} cannot be used: {}", what, error.message));
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/api/answer.h"
#include "directory/api/routes.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace directory {

/// How many entries are asked for: query key `limit`, 1 to 1000.
[[nodiscard]] std::expected<std::size_t, Problem> limit_of(const ApiRequest& request,
                                                           std::size_t otherwise);

/// The number that a query key has; 0 if it is not there.
[[nodiscard]] std::expected<std::uint64_t, Problem> number_of(const ApiRequest& request,
                                                              std::string_view name);

}  // namespace directory

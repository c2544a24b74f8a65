// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace directory {

/// A time as people write it on a command line, in seconds since 1970: `2026-11-22` (its first
/// second, UTC), `90s`, `15m`, `24h` or `7d` (so long before `now`), or the seconds themselves.
/// Nothing for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_point_in_time(std::string_view text,
                                                              std::int64_t now);

}  // namespace directory

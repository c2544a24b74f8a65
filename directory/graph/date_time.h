// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace directory {

/// A point in time as Graph writes it (`2026-08-20T10:00:00.123Z`, RFC 3339), in seconds since
/// 1970; fractions are cut off, and without an offset it is UTC. Nothing if it is none, and for the
/// year 1, with which Microsoft's services say that there is none.
[[nodiscard]] std::optional<std::int64_t> parse_date_time(std::string_view text);

}  // namespace directory

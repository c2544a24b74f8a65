// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace directory {

/// A time as RFC 3339 has it: `2026-11-01T08:00:00Z`. `seconds` since 1970.
[[nodiscard]] std::string time_text(std::int64_t seconds);

}  // namespace directory

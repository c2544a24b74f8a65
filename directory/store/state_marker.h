// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace directory {

/// How far the database in `folder` was when the marker was written: its sequence number. Nothing
/// if there is no marker, as in a database that is new.
[[nodiscard]] policy::Result<std::optional<std::uint64_t>> read_state_marker(
    const std::filesystem::path& folder);

/// Replaces the marker; when this returns it is on the disk.
[[nodiscard]] policy::Result<void> write_state_marker(const std::filesystem::path& folder,
                                                      std::uint64_t sequence);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace directory {

/// How far a database was: its files are not to be shorter than this later.
struct StateMarker {
  std::uint64_t sequence = 0;  ///< number of the last change
  std::string manifest;        ///< name of the manifest of RocksDB
  std::uintmax_t manifest_size = 0;

  friend bool operator==(const StateMarker&, const StateMarker&) = default;
};

/// The marker in `folder`. Nothing if there is none, as in a database that is new.
[[nodiscard]] policy::Result<std::optional<StateMarker>> read_state_marker(
    const std::filesystem::path& folder);

/// Replaces the marker; when this returns it is on the disk.
[[nodiscard]] policy::Result<void> write_state_marker(const std::filesystem::path& folder,
                                                      const StateMarker& marker);

/// Fills in the manifest that the database in `folder` has now.
[[nodiscard]] policy::Result<StateMarker> measure_state(const std::filesystem::path& folder,
                                                        std::uint64_t sequence);

}  // namespace directory

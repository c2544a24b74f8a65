// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "directory/store/directory_content.h"

#include <string>

namespace directory {

/// What a set of an Office 365 directory was read from. Another source needs a full round; other
/// targets need a person to ask for them.
struct TenantSource {
  std::string targets;  ///< `all`, or the selected targets
  std::string tenant;   ///< tenant, cloud and what is asked for

  [[nodiscard]] static TenantSource of(const DirectorySettings& settings);

  /// As it is kept in `SyncState::source`.
  [[nodiscard]] static TenantSource parse(const std::string& text);
  [[nodiscard]] std::string text() const;

  friend bool operator==(const TenantSource&, const TenantSource&) = default;
};

/// Whether the directory waits for `directories provision`: it has selected targets that were not
/// read yet, or other targets than those that were read.
[[nodiscard]] bool needs_provisioning(const DirectorySettings& settings, const SyncState& state);

/// Whether it is read on schedule: the first sync was started, and there are no selected targets.
[[nodiscard]] bool is_scheduled(const DirectorySettings& settings, const SyncState& state);

}  // namespace directory

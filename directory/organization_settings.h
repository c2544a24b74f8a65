// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"

#include <filesystem>
#include <optional>

namespace directory {

/// Reads one entry of `organizations`. Errors go to `problems`; what is returned is then of use for
/// finding further errors alone. Paths are relative to `folder`.
[[nodiscard]] OrganizationSettings read_organization(const policy::YamlValue& value,
                                                     const std::filesystem::path& folder,
                                                     policy::Problems& problems);

}  // namespace directory

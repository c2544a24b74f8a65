// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "policy/config/mapping_reader.h"
#include "policy/config/problems.h"
#include "policy/config/yaml_document.h"
#include "policy/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace directory {

/// Reads one entry of `directories`. Errors go to `problems`; what is returned is then of use for
/// finding further errors alone. Paths are relative to `folder`.
[[nodiscard]] DirectorySettings read_directory_settings(const policy::YamlValue& value,
                                                        const std::filesystem::path& folder,
                                                        policy::Problems& problems);

/// Reads the YAML mapping of a directory that was added with a command. The error names everything
/// that is wrong with it.
[[nodiscard]] policy::Result<DirectorySettings> parse_directory_settings(
    std::string_view text, const std::filesystem::path& folder);

/// A path below `folder`; a bare name is a credential that systemd passed, where it passed some.
[[nodiscard]] std::filesystem::path credential_path(const std::filesystem::path& folder,
                                                    const std::string& text);

/// The text of a key that must be there and not be empty.
[[nodiscard]] std::string required_text(policy::MappingReader& reader, std::string_view key);

}  // namespace directory

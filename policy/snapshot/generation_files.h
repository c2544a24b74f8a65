// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"
#include "policy/snapshot/manifest.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// The manifest's name within a generation's folder.
inline constexpr std::string_view kManifestFileName = "fromguard-manifest";

/// The symbolic link, within the snapshots folder, to the generation in force.
inline constexpr std::string_view kCurrentLinkName = "current";

/// `generation-N`.
[[nodiscard]] std::string generation_folder_name(std::uint64_t generation);

/// The number of a folder of that name; nothing for any other name.
[[nodiscard]] std::optional<std::uint64_t> parse_generation_folder_name(std::string_view name);

/// The octets of a regular file; `kNotFound` if there is none, `kInvalidInput` if it is over
/// `maximum_octets`.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t maximum_octets);

/// Size and digest of every file of a generation but the manifest, by name. Anything in the folder
/// that is no regular file is `kInvalidInput`. Reads each file whole, in bounded memory.
[[nodiscard]] Result<std::vector<ManifestFile>> digest_files(const std::filesystem::path& folder);

/// Checks that the folder holds exactly the files of the manifest, each with the size and digest it
/// had; `kInvalidInput` names the first that does not agree.
[[nodiscard]] Result<void> verify_files(const std::filesystem::path& folder,
                                        const Manifest& manifest);

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <filesystem>
#include <string_view>

namespace directory {

/// Makes the folder, and those above it, with mode 0755 whatever the umask; one that is there
/// keeps its mode.
[[nodiscard]] policy::Result<void> make_folder(const std::filesystem::path& path);

/// Writes a new file of mode 0644 and waits until it is on the disk, but not its name.
[[nodiscard]] policy::Result<void> write_new_file(const std::filesystem::path& path,
                                                  std::string_view octets);

/// Waits until the content of a file, or the names in a folder, are on the disk.
[[nodiscard]] policy::Result<void> flush_to_disk(const std::filesystem::path& path);

/// Gives every file of the folder mode 0644 and the folder 0755, and flushes them all.
[[nodiscard]] policy::Result<void> seal_folder(const std::filesystem::path& path);

/// Renames and waits until the new name is on the disk. Replaces a file or link of that name.
[[nodiscard]] policy::Result<void> rename_durably(const std::filesystem::path& from,
                                                  const std::filesystem::path& to);

/// Makes `link` point to `target` in one step: whoever looks finds the old or the new target.
/// `temporary` is a name in the same folder that is free to use.
[[nodiscard]] policy::Result<void> replace_link(const std::filesystem::path& link,
                                                const std::filesystem::path& target,
                                                const std::filesystem::path& temporary);

/// Sets the times of the link itself to now.
[[nodiscard]] policy::Result<void> touch_link(const std::filesystem::path& link);

/// Removes the file, link or folder with all that is in it; that it is not there is no failure.
[[nodiscard]] policy::Result<void> remove_tree(const std::filesystem::path& path);

}  // namespace directory

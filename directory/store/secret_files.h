// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <filesystem>
#include <string_view>

namespace directory {

/// Writes a new file of mode 0600, in a folder that is made with mode 0700 if it is not there, and
/// waits until both are on the disk. `kUnavailable` if the disk refuses or the name is taken;
/// nothing is left behind then. The content is in no message.
[[nodiscard]] policy::Result<void> write_secret_file(const std::filesystem::path& path,
                                                     std::string_view octets);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <filesystem>
#include <string>

namespace directory {

/// Reads a file that holds a secret. `kNotFound` if it is missing, `kDenied` if it may not be read
/// or others than its owner may read it; credentials that systemd hands over are let through, whose
/// access is held by an access control list. The file's content is in no message.
[[nodiscard]] policy::Result<std::string> read_private_file(const std::filesystem::path& path);

/// The first line of such a file, without its line end. `kInvalidInput` if that is empty.
[[nodiscard]] policy::Result<std::string> read_secret(const std::filesystem::path& path);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace gateway {

/// A text that changes whenever the file is replaced, written or made accessible, from what stat(2)
/// tells; one of its own for a file that is not there.
[[nodiscard]] std::string identity_of(const std::filesystem::path& path);

}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/people/directory_user.h"
#include "policy/config/problems.h"
#include "policy/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace directory {

/// Reads the users of a CSV file in the order of its rows, in memory for their addresses alone.
///
/// Header row required, names in any case: `Display_Name` (or `Display Name`), `Email`, and, if
/// wanted, `Secondary_Emails`, `Groups`, `Given_Name`, `Surname`. Lists are split at `;` and line
/// ends. Other columns are ignored with a warning. UTF-8.
///
/// Every bad row goes to `problems` by its line, the first hundred of them, and then the file as a
/// whole is `kInvalidInput`: what `take` got must not be used. Other failures: `kNotFound`,
/// `kDenied`, `kUnavailable` (also if the file changed while it was read). Returns how many users
/// there are.
[[nodiscard]] policy::Result<std::uint64_t> read_csv_directory(
    const std::filesystem::path& path,
    const std::function<void(const DirectoryUser&)>& take,
    policy::Problems& problems);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace policy {

/// Where a program is that the running one starts: beside it, as it was built, or, as packages
/// install it, in `../libexec/fromguard`. Whether it can be started is found by starting it.
[[nodiscard]] std::filesystem::path program_of_ours(const std::string& name);

}  // namespace policy

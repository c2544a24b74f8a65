// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tests::microsoft {

/// The app role id of a permission of Graph or Exchange; empty for one that is not known here.
/// https://learn.microsoft.com/graph/permissions-reference
[[nodiscard]] std::string_view app_role_id(std::string_view permission);

}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"

#include <string>

namespace directory {

/// Why the result of a round shrinks suspiciously: over `max_shrink` per cent of the users in force
/// would be gone, or of the memberships (of which a few may always go). Empty if it does not.
[[nodiscard]] std::string find_shrink(const RoundWeight& weight, double max_shrink);

}  // namespace directory

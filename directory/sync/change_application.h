// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/directory_queries.h"
#include "directory/store/directory_content.h"
#include "policy/result.h"

namespace directory {

/// Applies what Graph tells of a user to the page: what a change does not mention stays as the
/// round has it. The same change may come again.
[[nodiscard]] policy::Result<void> apply_change(const UserChange& change, StagedPage& page);

/// The same of a group. A group may come in pieces, each with some of its members.
[[nodiscard]] policy::Result<void> apply_change(const GroupChange& change, StagedPage& page);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/sync/round_outcome.h"

namespace directory {

/// Ends a round that is staged whole: puts it in force, or, if it shrinks suspiciously and that is
/// not accepted, holds it (failure `shrink`). A held round goes on from where it is at the next
/// sync, and passes by itself once it does not shrink any more.
[[nodiscard]] RoundResult end_round(DirectoryContent& content,
                                    const DirectoryKey& key,
                                    SyncState state,
                                    double max_shrink,
                                    bool accept_shrink);

}  // namespace directory

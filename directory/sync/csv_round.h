// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/sync/round_outcome.h"

namespace directory {

/// Reads a CSV directory whole and puts it in force. Bad rows go to standard error, and then what
/// was in force stays. A file that has not changed since it was read is not read again, unless
/// `is_full`.
[[nodiscard]] RoundResult read_csv_round(DirectoryContent& content,
                                         const DirectoryKey& key,
                                         const DirectorySettings& settings,
                                         bool is_full,
                                         bool accept_shrink);

}  // namespace directory

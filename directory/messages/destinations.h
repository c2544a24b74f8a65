// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/message_queries.h"
#include "directory/messages/pull_record.h"
#include "directory/task.h"

#include <string>
#include <vector>

namespace directory {

/// The ids of the folders that copies in the mailboxes of these users are moved to. The quarantine
/// folder is made where there is none.
[[nodiscard]] Task<EachAnswer<std::string>> find_destination_folders(
    MessageQueries& queries, std::vector<std::string> user_ids, PullDestination destination);

}  // namespace directory

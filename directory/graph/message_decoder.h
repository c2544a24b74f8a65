// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/message_queries.h"
#include "policy/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace directory {

// All read a body of Graph. `kInvalidInput` if it is not of the kind that was asked for.

/// A page of copies, without those that have no id.
struct CopyPage {
  std::vector<MessageCopy> copies;
  std::string next_link;  ///< empty at the end
};

[[nodiscard]] policy::Result<CopyPage> decode_copies(std::string_view body);

/// A copy that was moved; it must say its id and its folder.
[[nodiscard]] policy::Result<MessageCopy> decode_copy(std::string_view body);

/// The folders of a list.
[[nodiscard]] policy::Result<std::vector<MailFolder>> decode_folders(std::string_view body);

/// A folder that was made or asked for; it must say its id.
[[nodiscard]] policy::Result<MailFolder> decode_folder(std::string_view body);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/failure.h"
#include "directory/graph/message_queries.h"
#include "directory/messages/recipients.h"
#include "directory/task.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// The hidden folder that pulled copies are moved to, at the top of each mailbox.
inline constexpr std::string_view kQuarantineFolder = "fromguard quarantine";

/// Why a copy is not to be moved, by where it lies.
enum class CopyPlaceKind {
  kDelivered,    ///< it may be moved
  kSent,         ///< in Sent Items, or a draft: its owner wrote it
  kQuarantined,  ///< an earlier pull has moved it
};

/// A copy in a mailbox.
struct FoundCopy {
  MessageCopy copy;
  std::string folder_name;  ///< empty: it could not be read
  CopyPlaceKind kind = CopyPlaceKind::kDelivered;
};

/// What a mailbox holds of a message.
struct MailboxLook {
  Mailbox mailbox;
  std::vector<FoundCopy> copies;
  std::optional<GraphFailure> failure;  ///< why it could not be looked into
};

/// Looks for a message by its Message-ID in all folders of these mailboxes but Recoverable Items.
/// Fails where no mailbox can be read: Graph is not to be reached, or the permission is missing for
/// all of them.
[[nodiscard]] Task<GraphResult<std::vector<MailboxLook>>> look_into(MessageQueries& queries,
                                                                    std::vector<Mailbox> mailboxes,
                                                                    std::string message_id);

}  // namespace directory

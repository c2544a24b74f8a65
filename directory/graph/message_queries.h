// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/failure.h"
#include "directory/graph/graph_client.h"
#include "directory/task.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// What all of this needs.
inline constexpr std::string_view kMailPermission = "Mail.ReadWrite";

/// `code` of the failure that says that a message or a folder is not there.
inline constexpr std::string_view kItemNotFound = "ErrorItemNotFound";

/// Where Outlook's "recover deleted items" looks; `/messages` does not tell what lies there.
inline constexpr std::string_view kRecoverableItemsFolder = "recoverableitemsdeletions";
inline constexpr std::string_view kSentItemsFolder = "sentitems";
inline constexpr std::string_view kInboxFolder = "inbox";

/// A message in a mailbox.
struct MessageCopy {
  std::string id;             ///< immutable: good wherever in its mailbox the message is moved
  std::string folder;         ///< the id of the folder that it lies in
  std::string message_id;     ///< of its header
  std::string sender;         ///< address of its From, as Exchange reads it; empty if it read none
  std::string subject;        ///< empty if there is none
  std::int64_t received = 0;  ///< seconds since 1970; 0: not told
  bool is_read = false;
  bool is_draft = false;
};

/// Where copies of a message are looked for.
struct CopyQuestion {
  std::string user_id;
  std::string folder;  ///< id or well-known name; empty: in all but Recoverable Items
  std::string message_id;
};

struct MailFolder {
  std::string id;
  std::string name;  ///< in the language of the mailbox
  bool is_hidden = false;
};

/// A folder by id or well-known name.
struct FolderPlace {
  std::string user_id;
  std::string folder;
};

/// A copy by where it was last seen.
struct CopyPlace {
  std::string user_id;
  std::string folder;  ///< id or well-known name; empty: anywhere but in Recoverable Items
  std::string id;      ///< of the copy
};

struct CopyMove {
  CopyPlace copy;
  std::string to;  ///< id or well-known name of a folder of the same mailbox
};

/// An answer for each of the things that were asked, in their order; or why nothing can be asked.
template <typename T>
using EachAnswer = GraphResult<std::vector<GraphResult<T>>>;

/// The questions of finding and moving messages. Each takes any number and asks in batches of 20,
/// at most four at a time of one mailbox. https://learn.microsoft.com/graph/outlook-immutable-id
class MessageQueries {
 public:
  /// `client` must outlive the queries.
  explicit MessageQueries(GraphClient& client) : client_(&client) {}

  [[nodiscard]] Task<EachAnswer<std::vector<MessageCopy>>> copies(
      std::vector<CopyQuestion> questions);

  [[nodiscard]] Task<EachAnswer<MailFolder>> folders(std::vector<FolderPlace> places);

  /// The folder of this name at the top of each user's mailbox, a hidden one if there is one.
  [[nodiscard]] Task<EachAnswer<std::optional<MailFolder>>> folders_named(
      std::vector<std::string> user_ids, std::string name);

  /// Makes a hidden folder at the top of each user's mailbox.
  [[nodiscard]] Task<EachAnswer<MailFolder>> make_hidden_folders(std::vector<std::string> user_ids,
                                                                 const std::string& name);

  /// Moves copies, and gives them as they are then. `kNotFound` where the copy or the folder is not
  /// there.
  [[nodiscard]] Task<EachAnswer<MessageCopy>> move(std::vector<CopyMove> moves);

 private:
  GraphClient* client_;
};

}  // namespace directory

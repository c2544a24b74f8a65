// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/microsoft/random.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {

struct MailFolder {
  std::string id;
  std::string name;
  std::string well_known;  ///< `inbox`; empty for one that somebody made
  bool is_hidden = false;

  /// It lies beside the folders that people see, and lists do not tell of it or what it holds.
  [[nodiscard]] bool is_recoverable_items() const;
};

struct MailItem {
  std::string immutable_id;
  std::string id;      ///< another one after each move
  std::string folder;  ///< its id
  std::string message_id;
  std::string subject;
  std::string sender_name;
  std::string sender;    ///< empty: none
  std::string received;  ///< as Graph writes times
  bool is_read = false;
  bool is_draft = false;
  std::size_t moves = 0;

  [[nodiscard]] bool is_called(std::string_view name) const {
    return name == immutable_id || name == id;
  }
};

/// The mailbox of one user.
struct MailboxContent {
  std::vector<MailFolder> folders;
  std::vector<MailItem> items;

  /// By id or well-known name; null if there is none.
  [[nodiscard]] MailFolder* find_folder(std::string_view id_or_name);
  [[nodiscard]] MailItem* find_item(std::string_view id);
};

/// What became of a move.
enum class MoveOutcome : std::uint8_t { kMoved, kNoFolder, kThereAlready };

/// The mailboxes of a tenant. Each is made when somebody first looks into it.
class MailStore {
 public:
  [[nodiscard]] MailboxContent& mailbox(const std::string& user, Random& random);

  /// Adds a folder with a new id.
  static MailFolder& add_folder(MailboxContent& mailbox, MailFolder folder, Random& random);

  /// Adds a message with new ids.
  static MailItem& add_item(MailboxContent& mailbox, MailItem item, Random& random);

  [[nodiscard]] static MoveOutcome move(MailboxContent& mailbox,
                                        MailItem& item,
                                        std::string_view to,
                                        Random& random);

  /// Whether `/messages` tells what lies in hidden folders too.
  bool lists_hidden = false;

 private:
  std::map<std::string, MailboxContent> mailboxes_;
};

}  // namespace tests::microsoft

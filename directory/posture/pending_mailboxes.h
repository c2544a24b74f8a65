// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/posture_queries.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// A user whose mailbox and sign-in methods are to be looked at in this scan.
struct PendingMailbox {
  std::string id;
  std::string label;
  bool has_mailbox = false;  ///< else only the methods are asked for
  bool is_disabled = false;  ///< then what the mailbox is for is asked too
};

/// The work of a scan that waits, so that it goes on where it was.
class PendingMailboxes {
 public:
  /// The database must outlive it.
  PendingMailboxes(StateDatabase& database, DirectoryKey key);

  /// Adds the user to the batch.
  void put(StateBatch& batch, const PendingMailbox& mailbox) const;
  void remove(StateBatch& batch, const std::string& id) const;

  /// Adds the removal of all of them, and of the recipients, to the batch.
  void clear(StateBatch& batch) const;

  /// The first ones, at most so many.
  [[nodiscard]] policy::Result<std::vector<PendingMailbox>> first(std::size_t most) const;

  /// Remembers by what names a rule of somebody in the tenant may call this user.
  void put_recipient(StateBatch& batch, const PostureUser& user) const;

  /// Whether a user has this legacy address, or is called so.
  [[nodiscard]] bool knows_recipient(std::string_view address, std::string_view name) const;

 private:
  StateDatabase* database_;
  DirectoryKey key_;
};

}  // namespace directory

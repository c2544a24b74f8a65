// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/messages/message_target.h"
#include "directory/messages/recipients.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// As stored: never reuse a letter.
enum class PullKind : char {
  kSearch = 's',  ///< only looks who has the message
  kPull = 'p',
};

/// Where pulled copies go. As stored: never reuse a letter.
enum class PullDestination : char {
  kQuarantine = 'q',        ///< a hidden folder of ours in each mailbox
  kRecoverableItems = 'r',  ///< where people recover deleted items from
};

/// How far it is. As stored: never reuse a letter.
enum class PullState : char {
  kSearching = 's',  ///< looking into mailboxes; nothing moves
  kMoving = 'm',
  kRestoring = 'r',
  kDone = 'd',
  kRestored = 'u',
  kRefused = 'n',  ///< copies disagree: nothing was moved
  kFailed = 'f',
  kCancelled = 'c',
};

/// What became of one copy. As stored: never reuse a letter.
enum class CopyState : char {
  kFound = 'f',
  kMoving = 'b',  ///< it is being moved: it may lie in either folder
  kMoved = 'm',
  kRestoring = 't',  ///< it is being moved back
  kRestored = 'r',
  kQuarantined = 'q',  ///< an earlier pull has moved it
  kLeft = 'l',         ///< it is another message, or was sent from here: left alone
  kGone = 'g',         ///< somebody else has moved or removed it
  kFailed = 'x',       ///< this copy or mailbox could not be read or moved
  kNoMailbox = 'n',
};

/// `found`, `left_alone`, `no_mailbox`.
[[nodiscard]] std::string_view word_of(CopyState state);
[[nodiscard]] std::string_view word_of(PullState state);
[[nodiscard]] std::string_view word_of(PullDestination destination);

/// Whether work remains to be done.
[[nodiscard]] bool is_under_way(PullState state);

/// A copy of a message, or a mailbox that could not be looked into: then it has no id.
struct CopyRecord {
  Mailbox mailbox;
  std::string id;           ///< immutable, when it was found
  std::string moved_id;     ///< after it was moved: the same, unless the mailbox gave it another
  std::string folder;       ///< id of the folder that it was found in
  std::string folder_name;  ///< of the same, for people; empty: not known
  std::string destination;  ///< id of the folder that it is moved to
  std::string sender;
  std::string subject;
  std::int64_t received = 0;  ///< seconds since 1970
  bool is_read = false;
  CopyState state = CopyState::kFound;
  std::string why;  ///< half a sentence; empty where there is nothing to say
};

/// A search or a pull: who asked for what, and how far it is.
struct PullRecord {
  std::uint64_t number = 0;  ///< ascending, of searches and pulls together
  PullKind kind = PullKind::kPull;
  DirectoryKey key;
  std::string who;
  std::string detection;  ///< its id, if it is because of one
  MessageTarget target;
  PullDestination destination = PullDestination::kQuarantine;
  std::vector<std::string> recipients;  ///< addresses, as asked
  std::uint64_t unlisted = 0;           ///< recipients that the detection does not list
  std::vector<ExpandedGroup> groups;
  std::vector<std::string> unknown;  ///< recipients that nobody in the directory is
  std::int64_t begun = 0;            ///< seconds since 1970
  std::int64_t ended = 0;            ///< 0: it is under way
  std::int64_t restore_begun = 0;    ///< 0: it was never restored
  PullState state = PullState::kSearching;
  std::string failure;          ///< why it stopped; empty if it did not
  std::uint64_t mailboxes = 0;  ///< to be looked into
  std::uint64_t searched = 0;
  /// What the first copy that is meant has; others that are meant must have the same.
  std::optional<std::string> sender;
  std::string subject;
  std::string disagreement;  ///< what another has; empty if all agree
  std::map<CopyState, std::uint64_t> counts;
};

/// How many copies are in this state.
[[nodiscard]] std::uint64_t count_of(const PullRecord& record, CopyState state);

void put_pull(StateBatch& batch, const PullRecord& record);

/// `kNotFound` if there is none of this number and kind.
[[nodiscard]] policy::Result<PullRecord> read_pull(const StateReader& reader,
                                                   std::uint64_t number,
                                                   PullKind kind);

/// Visits searches and pulls, the newest first, with numbers below `before` (0: all); false ends
/// the visit.
[[nodiscard]] policy::Result<void> for_each_pull(const StateReader& reader,
                                                 std::uint64_t before,
                                                 const std::function<bool(PullRecord)>& visit);

/// Adds the removal of a search or pull with its copies.
void remove_pull(StateBatch& batch, std::uint64_t number);

/// Mailboxes that wait to be looked into.
void put_mailbox(StateBatch& batch, std::uint64_t number, const Mailbox& mailbox);
void remove_mailbox(StateBatch& batch, std::uint64_t number, const Mailbox& mailbox);
void remove_mailboxes(StateBatch& batch, std::uint64_t number);
[[nodiscard]] policy::Result<std::vector<Mailbox>> first_mailboxes(const StateReader& reader,
                                                                   std::uint64_t number,
                                                                   std::size_t most);

/// The key of a copy among those of a pull.
[[nodiscard]] std::string copy_key(std::uint64_t number, const CopyRecord& copy);

void put_copy(StateBatch& batch, std::uint64_t number, const CopyRecord& copy);

/// Visits the copies whose key is greater than `after` (empty: all) by mailbox; false ends the
/// visit.
[[nodiscard]] policy::Result<void> for_each_copy(
    const StateReader& reader,
    std::uint64_t number,
    const std::string& after,
    const std::function<bool(const std::string& key, CopyRecord copy)>& visit);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/failure.h"
#include "directory/graph/message_queries.h"
#include "directory/messages/mailbox_looks.h"
#include "directory/messages/pull_record.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

/// One search, pull or restore from where its record is to its end. What was done is written before
/// the next thing is, and that a copy is about to be moved before it moves: a crash loses nothing.
class MessagePull {
 public:
  /// What it works with; all of it outlives the run.
  struct Parts {
    MessageQueries* queries = nullptr;
    StateDatabase* database = nullptr;
    std::function<std::int64_t()> now;   ///< seconds since 1970
    std::function<bool()> is_cancelled;  ///< asked between batches
    std::function<void(std::uint64_t done, std::uint64_t total, const std::string& what)> progress;
  };

  MessagePull(Parts parts, PullRecord record)
      : parts_(std::move(parts)), record_(std::move(record)) {}

  /// Goes on until it has ended, or something stops it. A failure whose code is `kUnavailable`
  /// leaves it under way, to be gone on with later; any other one has ended it.
  [[nodiscard]] Task<policy::Result<void>> run();

  [[nodiscard]] const PullRecord& record() const { return record_; }

 private:
  using Copies = std::vector<CopyRecord>;

  [[nodiscard]] Task<policy::Result<void>> run_phases();
  [[nodiscard]] policy::Result<void> cancel();
  /// One batch of what is to be done; false if nothing was left.
  [[nodiscard]] Task<policy::Result<bool>> do_some();
  [[nodiscard]] policy::Result<void> end_phase();
  [[nodiscard]] Task<policy::Result<bool>> search_some();
  void take_look(const MailboxLook& look, StateBatch& batch);
  void take_copy(const MailboxLook& look, const FoundCopy& found, StateBatch& batch);
  void compare(const CopyRecord& copy);
  [[nodiscard]] policy::Result<void> end_search();

  /// Notes that all that wait are about to be moved.
  void mark_moving(Copies& copies);

  /// The next copies in one of these states.
  [[nodiscard]] policy::Result<Copies> next_copies(std::string_view states);
  [[nodiscard]] Task<policy::Result<bool>> move_some();
  [[nodiscard]] Task<policy::Result<void>> settle_interrupted(Copies& copies);
  [[nodiscard]] Task<policy::Result<void>> find_destinations(Copies& copies);
  [[nodiscard]] Task<policy::Result<void>> send_moves(Copies& copies);
  [[nodiscard]] Task<policy::Result<void>> settle_unmoved(
      Copies& copies, std::map<std::string, GraphFailure> failures);
  [[nodiscard]] Task<policy::Result<bool>> restore_some();
  [[nodiscard]] Task<policy::Result<void>> choose_restorable(Copies& copies);
  [[nodiscard]] Task<policy::Result<void>> send_back(Copies& copies);
  [[nodiscard]] Task<policy::Result<void>> send_to_inbox(Copies& copies,
                                                         std::vector<std::size_t> chosen);

  /// What lies of the message in the folders that these copies were to be moved to, by the key of
  /// each copy; those whose folder could not be read are left out.
  using Lying = std::map<std::string, std::vector<MessageCopy>, std::less<>>;
  [[nodiscard]] Task<policy::Result<Lying>> at_destination(Copies copies);

  /// Notes what became of a copy, in the counts too.
  void become(CopyRecord& copy, CopyState state, std::string why = {});
  [[nodiscard]] policy::Result<void> write(const Copies& copies) const;
  [[nodiscard]] policy::Result<void> end(PullState state);
  [[nodiscard]] policy::Result<void> stop(const policy::Error& error);
  void report() const;

  Parts parts_;
  PullRecord record_;
  std::string after_;  // the key of the copy that was seen to last
};

}  // namespace directory

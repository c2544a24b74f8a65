// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/failure.h"
#include "directory/graph/message_queries.h"
#include "directory/messages/message_pull.h"
#include "directory/messages/pull_record.h"
#include "directory/task.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace directory {

using policy::Result;

namespace {

const std::string& present_id(const CopyRecord& copy) {
  return copy.moved_id.empty() ? copy.id : copy.moved_id;
}

CopyMove move_back(const CopyRecord& copy, const std::string& to) {
  return {
      .copy = {.user_id = copy.mailbox.user_id, .folder = copy.destination, .id = present_id(copy)},
      .to = to.empty() ? std::string{kInboxFolder} : to};
}

}  // namespace

Task<Result<bool>> MessagePull::restore_some() {
  auto found = next_copies("mt");
  if (!found.has_value()) {
    co_return std::unexpected{std::move(found).error()};
  }
  Copies& copies = *found;
  if (copies.empty()) {
    co_return false;
  }
  auto done = co_await choose_restorable(copies);
  if (done.has_value()) {
    done = write(copies);
  }
  if (done.has_value()) {
    done = co_await send_back(copies);
  }
  if (done.has_value()) {
    done = write(copies);
  }
  if (!done.has_value()) {
    co_return std::unexpected{std::move(done).error()};
  }
  co_return true;
}

// What lies where it was moved to is to be moved back. What does not was moved back by a run that
// was interrupted, or by somebody else.
Task<Result<void>> MessagePull::choose_restorable(Copies& copies) {
  const auto lying = co_await at_destination(copies);
  if (!lying.has_value()) {
    co_return std::unexpected{lying.error()};
  }
  for (CopyRecord& copy : copies) {
    const auto there = lying->find(copy_key(record_.number, copy));
    if (there == lying->end()) {
      copy.why = "its mailbox could not be read; restore it again";
    } else if (std::ranges::find(there->second, present_id(copy), &MessageCopy::id) !=
               there->second.end()) {
      become(copy, CopyState::kRestoring);
    } else if (copy.state == CopyState::kRestoring) {
      become(copy, CopyState::kRestored);
    } else {
      become(copy, CopyState::kGone, "it was moved or removed after the pull");
    }
  }
  co_return Result<void>{};
}

Task<Result<void>> MessagePull::send_back(Copies& copies) {
  std::vector<CopyMove> moves;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (copies[i].state == CopyState::kRestoring) {
      moves.push_back(move_back(copies[i], copies[i].folder));
      places.push_back(i);
    }
  }
  const auto answers = co_await parts_.queries->move(std::move(moves));
  if (!answers.has_value()) {
    co_return std::unexpected{to_error(answers.error())};
  }
  std::vector<std::size_t> homeless;
  for (std::size_t i = 0; i < places.size(); ++i) {
    CopyRecord& copy = copies[places[i]];
    const GraphResult<MessageCopy>& answer = (*answers)[i];
    if (answer.has_value()) {
      become(copy, CopyState::kRestored);
    } else if (answer.error().kind == GraphFailureKind::kUnavailable) {
      copy.why = answer.error().message;  // it may have been moved: the next restore looks
    } else {
      homeless.push_back(places[i]);
    }
  }
  co_return co_await send_to_inbox(copies, std::move(homeless));
}

// The folder that a copy was in may be gone.
Task<Result<void>> MessagePull::send_to_inbox(Copies& copies, std::vector<std::size_t> chosen) {
  std::vector<CopyMove> moves;
  moves.reserve(chosen.size());
  for (const std::size_t place : chosen) {
    moves.push_back(move_back(copies[place], std::string{kInboxFolder}));
  }
  const auto answers = co_await parts_.queries->move(std::move(moves));
  if (!answers.has_value()) {
    co_return std::unexpected{to_error(answers.error())};
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    CopyRecord& copy = copies[chosen[i]];
    const GraphResult<MessageCopy>& answer = (*answers)[i];
    if (answer.has_value()) {
      become(copy, CopyState::kRestored, "its folder is gone: it is in the inbox");
    } else if (answer.error().code == kItemNotFound) {
      become(copy, CopyState::kGone, "it was moved or removed after the pull");
    } else {
      copy.why = answer.error().message;
    }
  }
  co_return Result<void>{};
}

}  // namespace directory

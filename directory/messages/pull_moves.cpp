// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/failure.h"
#include "directory/graph/message_queries.h"
#include "directory/messages/destinations.h"
#include "directory/messages/message_pull.h"
#include "directory/messages/pull_record.h"
#include "directory/task.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace directory {

using policy::Result;

namespace {

bool is_waiting(const CopyRecord& copy) {
  return copy.state == CopyState::kFound || copy.state == CopyState::kMoving;
}

bool has_copy(const std::vector<MessageCopy>& lying, const std::string& id) {
  return std::ranges::find(lying, id, &MessageCopy::id) != lying.end();
}

std::vector<std::string> users_of(const std::vector<CopyRecord>& copies) {
  std::set<std::string> users;
  for (const CopyRecord& copy : copies) {
    if (is_waiting(copy)) {
      users.insert(copy.mailbox.user_id);
    }
  }
  return {users.begin(), users.end()};
}

}  // namespace

Task<Result<bool>> MessagePull::move_some() {
  auto found = next_copies("fb");
  if (!found.has_value()) {
    co_return std::unexpected{std::move(found).error()};
  }
  Copies& copies = *found;
  if (copies.empty()) {
    co_return false;
  }
  auto done = co_await settle_interrupted(copies);
  if (done.has_value()) {
    done = co_await find_destinations(copies);
  }
  if (done.has_value()) {
    mark_moving(copies);
    // Where a copy was is on the disk before it moves.
    done = write(copies);
  }
  if (done.has_value()) {
    done = co_await send_moves(copies);
  }
  if (done.has_value()) {
    done = write(copies);
  }
  if (!done.has_value()) {
    co_return std::unexpected{std::move(done).error()};
  }
  co_return true;
}

void MessagePull::mark_moving(Copies& copies) {
  for (CopyRecord& copy : copies) {
    if (is_waiting(copy)) {
      become(copy, CopyState::kMoving);
    }
  }
}

// Copies whose move an earlier run has begun: it may have happened.
Task<Result<void>> MessagePull::settle_interrupted(Copies& copies) {
  Copies begun;
  std::ranges::copy_if(copies, std::back_inserter(begun), [](const CopyRecord& copy) {
    return copy.state == CopyState::kMoving;
  });
  const auto lying = co_await at_destination(std::move(begun));
  if (!lying.has_value()) {
    co_return std::unexpected{lying.error()};
  }
  for (CopyRecord& copy : copies) {
    const auto there = lying->find(copy_key(record_.number, copy));
    if (there != lying->end() && has_copy(there->second, copy.id)) {
      become(copy, CopyState::kMoved);
    }
  }
  co_return Result<void>{};
}

Task<Result<void>> MessagePull::find_destinations(Copies& copies) {
  const std::vector<std::string> users = users_of(copies);
  auto folders = co_await find_destination_folders(*parts_.queries, users, record_.destination);
  if (!folders.has_value()) {
    co_return std::unexpected{to_error(std::move(folders).error())};
  }
  std::map<std::string, GraphResult<std::string>> by_user;
  for (std::size_t i = 0; i < users.size(); ++i) {
    by_user.emplace(users[i], std::move((*folders)[i]));
  }
  for (CopyRecord& copy : copies) {
    const auto folder = by_user.find(copy.mailbox.user_id);
    if (!is_waiting(copy) || folder == by_user.end()) {
      continue;
    }
    if (folder->second.has_value()) {
      copy.destination = *folder->second;
    } else {
      become(copy, CopyState::kFailed, folder->second.error().message);
    }
  }
  co_return Result<void>{};
}

Task<Result<void>> MessagePull::send_moves(Copies& copies) {
  std::vector<CopyMove> moves;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (copies[i].state == CopyState::kMoving) {
      const CopyPlace place{.user_id = copies[i].mailbox.user_id, .folder = {}, .id = copies[i].id};
      moves.push_back({.copy = place, .to = copies[i].destination});
      places.push_back(i);
    }
  }
  auto answers = co_await parts_.queries->move(std::move(moves));
  if (!answers.has_value()) {
    co_return std::unexpected{to_error(std::move(answers).error())};
  }
  std::map<std::string, GraphFailure> failures;
  for (std::size_t i = 0; i < places.size(); ++i) {
    CopyRecord& copy = copies[places[i]];
    GraphResult<MessageCopy>& answer = (*answers)[i];
    if (answer.has_value()) {
      copy.moved_id = answer->id == copy.id ? "" : answer->id;
      become(copy, CopyState::kMoved);
    } else {
      failures.emplace(copy_key(record_.number, copy), std::move(answer).error());
    }
  }
  co_return co_await settle_unmoved(copies, std::move(failures));
}

// Copies whose move was refused: the answer to the first of two requests may have been lost,
// another pull or the owner of the mailbox may have been faster.
Task<Result<void>> MessagePull::settle_unmoved(Copies& copies,
                                               std::map<std::string, GraphFailure> failures) {
  Copies unmoved;
  std::ranges::copy_if(copies, std::back_inserter(unmoved), [&](const CopyRecord& copy) {
    return failures.contains(copy_key(record_.number, copy));
  });
  const auto lying = co_await at_destination(std::move(unmoved));
  if (!lying.has_value()) {
    co_return std::unexpected{lying.error()};
  }
  for (CopyRecord& copy : copies) {
    const std::string key = copy_key(record_.number, copy);
    const auto failure = failures.find(key);
    if (failure == failures.end()) {
      continue;
    }
    const auto there = lying->find(key);
    const bool is_read = there != lying->end();
    if (is_read && has_copy(there->second, copy.id)) {
      become(copy, CopyState::kMoved);
    } else if (failure->second.code != kItemNotFound) {
      become(copy, CopyState::kFailed, failure->second.message);
    } else if (is_read && !there->second.empty()) {
      become(copy, CopyState::kQuarantined);
    } else {
      become(copy, CopyState::kGone, "it was moved or removed meanwhile");
    }
  }
  co_return Result<void>{};
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/message_pull.h"

#include "directory/graph/batch.h"
#include "directory/graph/failure.h"
#include "directory/graph/message_queries.h"
#include "directory/messages/mailbox_looks.h"
#include "directory/messages/message_target.h"
#include "directory/messages/pull_record.h"
#include "directory/messages/recipients.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/mail_address.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {

using policy::ErrorCode;
using policy::Result;

namespace {

CopyRecord record_of(const Mailbox& mailbox, const FoundCopy& found) {
  CopyRecord copy;
  copy.mailbox = mailbox;
  copy.id = found.copy.id;
  copy.folder = found.copy.folder;
  copy.folder_name = found.folder_name;
  copy.sender = found.copy.sender;
  copy.subject = found.copy.subject;
  copy.received = found.copy.received;
  copy.is_read = found.copy.is_read;
  return copy;
}

}  // namespace

Task<Result<void>> MessagePull::run() {
  record_.failure.clear();
  auto outcome = co_await run_phases();
  if (!outcome.has_value() && is_under_way(record_.state)) {
    // What stopped it is told in any case.
    static_cast<void>(stop(outcome.error()));
  }
  co_return outcome;
}

Task<Result<void>> MessagePull::run_phases() {
  while (is_under_way(record_.state)) {
    if (parts_.is_cancelled()) {
      co_return cancel();
    }
    report();
    auto has_more = co_await do_some();
    if (!has_more.has_value()) {
      co_return std::unexpected{std::move(has_more).error()};
    }
    auto done = *has_more ? Result<void>{} : end_phase();
    if (!done.has_value()) {
      co_return done;
    }
  }
  co_return Result<void>{};
}

Result<void> MessagePull::cancel() {
  if (auto ended = end(PullState::kCancelled); !ended.has_value()) {
    return ended;
  }
  return policy::fail(ErrorCode::kBusy, "cancelled; what was moved stays moved");
}

Task<Result<bool>> MessagePull::do_some() {
  if (record_.state == PullState::kSearching) {
    return search_some();
  }
  return record_.state == PullState::kMoving ? move_some() : restore_some();
}

Result<void> MessagePull::end_phase() {
  if (record_.state == PullState::kSearching) {
    return end_search();
  }
  return end(record_.state == PullState::kMoving ? PullState::kDone : PullState::kRestored);
}

Task<Result<bool>> MessagePull::search_some() {
  auto mailboxes = first_mailboxes(*parts_.database, record_.number, kBatchSize);
  if (!mailboxes.has_value()) {
    co_return std::unexpected{std::move(mailboxes).error()};
  }
  if (mailboxes->empty()) {
    co_return false;
  }
  std::string message_id = record_.target.message_id;
  auto looks = co_await look_into(*parts_.queries, *std::move(mailboxes), std::move(message_id));
  if (!looks.has_value()) {
    co_return std::unexpected{to_error(std::move(looks).error())};
  }
  StateBatch batch;
  for (const MailboxLook& look : *looks) {
    take_look(look, batch);
    remove_mailbox(batch, record_.number, look.mailbox);
  }
  record_.searched += looks->size();
  put_pull(batch, record_);
  if (auto written = parts_.database->commit(std::move(batch)); !written.has_value()) {
    co_return std::unexpected{std::move(written).error()};
  }
  co_return true;
}

void MessagePull::take_look(const MailboxLook& look, StateBatch& batch) {
  for (const FoundCopy& found : look.copies) {
    take_copy(look, found, batch);
  }
  const std::optional<GraphFailure>& failure = look.failure;
  if (!failure.has_value()) {
    return;
  }
  CopyRecord trouble;
  trouble.mailbox = look.mailbox;
  const bool has_no_mailbox = failure->kind == GraphFailureKind::kNotFound;
  trouble.state = has_no_mailbox ? CopyState::kNoMailbox : CopyState::kFailed;
  trouble.why = has_no_mailbox ? "no mailbox in Exchange Online" : failure->message;
  ++record_.counts[trouble.state];
  put_copy(batch, record_.number, trouble);
}

void MessagePull::take_copy(const MailboxLook& look, const FoundCopy& found, StateBatch& batch) {
  CopyRecord copy = record_of(look.mailbox, found);
  copy.why = objection_to(record_.target, found.copy);
  if (found.kind == CopyPlaceKind::kQuarantined) {
    copy.state = CopyState::kQuarantined;
  } else if (found.kind == CopyPlaceKind::kSent) {
    copy.state = CopyState::kLeft;
    copy.why = "it was written in this mailbox";
  } else if (!copy.why.empty()) {
    copy.state = CopyState::kLeft;
  } else {
    compare(copy);
  }
  ++record_.counts[copy.state];
  put_copy(batch, record_.number, copy);
}

void MessagePull::compare(const CopyRecord& copy) {
  const std::string sender = policy::canonical_address(copy.sender);
  const std::string subject = comparable_subject(copy.subject);
  const std::optional<std::string>& first = record_.sender;
  if (!first.has_value()) {
    record_.sender = sender;
    record_.subject = subject;
    return;
  }
  if (record_.disagreement.empty() && (*first != sender || record_.subject != subject)) {
    record_.disagreement = fmt::format("'{}' from {}, and '{}' from {}",
                                       policy::visible_text(record_.subject),
                                       policy::visible_text(*first),
                                       policy::visible_text(subject),
                                       policy::visible_text(sender));
  }
}

Result<void> MessagePull::end_search() {
  if (record_.kind == PullKind::kSearch) {
    return end(PullState::kDone);
  }
  if (!record_.disagreement.empty()) {
    record_.failure = "different messages have this Message-ID: " + record_.disagreement +
                      "; nothing was moved; say which one is meant with --sender and --subject";
    if (auto ended = end(PullState::kRefused); !ended.has_value()) {
      return ended;
    }
    return policy::fail(ErrorCode::kConflict, record_.failure);
  }
  record_.state = PullState::kMoving;
  StateBatch batch;
  put_pull(batch, record_);
  return parts_.database->commit(std::move(batch));
}

Result<MessagePull::Copies> MessagePull::next_copies(std::string_view states) {
  Copies copies;
  const auto read = for_each_copy(
      *parts_.database, record_.number, after_, [&](const std::string& key, CopyRecord copy) {
        after_ = key;
        if (states.find(static_cast<char>(copy.state)) != std::string_view::npos) {
          copies.push_back(std::move(copy));
        }
        return copies.size() < kBatchSize;
      });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return copies;
}

Task<Result<MessagePull::Lying>> MessagePull::at_destination(Copies copies) {
  std::vector<CopyQuestion> questions;
  questions.reserve(copies.size());
  for (const CopyRecord& copy : copies) {
    questions.push_back({.user_id = copy.mailbox.user_id,
                         .folder = copy.destination,
                         .message_id = record_.target.message_id});
  }
  auto answers = co_await parts_.queries->copies(std::move(questions));
  if (!answers.has_value()) {
    co_return std::unexpected{to_error(std::move(answers).error())};
  }
  Lying lying;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    GraphResult<std::vector<MessageCopy>>& answer = (*answers)[i];
    const std::string key = copy_key(record_.number, copies[i]);
    if (answer.has_value()) {
      lying[key] = *std::move(answer);
    } else if (answer.error().kind == GraphFailureKind::kNotFound) {
      lying[key] = {};
    }
  }
  co_return lying;
}

void MessagePull::become(CopyRecord& copy, CopyState state, std::string why) {
  if (copy.state != state) {
    --record_.counts[copy.state];
    ++record_.counts[state];
  }
  copy.state = state;
  copy.why = std::move(why);
}

Result<void> MessagePull::write(const Copies& copies) const {
  StateBatch batch;
  for (const CopyRecord& copy : copies) {
    put_copy(batch, record_.number, copy);
  }
  put_pull(batch, record_);
  return parts_.database->commit(std::move(batch));
}

Result<void> MessagePull::end(PullState state) {
  record_.state = state;
  record_.ended = parts_.now();
  StateBatch batch;
  remove_mailboxes(batch, record_.number);
  put_pull(batch, record_);
  return parts_.database->commit(std::move(batch));
}

// What may work later is gone on with later.
Result<void> MessagePull::stop(const policy::Error& error) {
  record_.failure = error.message;
  if (error.code != ErrorCode::kUnavailable) {
    return end(PullState::kFailed);
  }
  StateBatch batch;
  put_pull(batch, record_);
  return parts_.database->commit(std::move(batch));
}

void MessagePull::report() const {
  if (record_.state == PullState::kSearching) {
    parts_.progress(record_.searched, record_.mailboxes, "looking into mailboxes");
    return;
  }
  const bool is_back = record_.state == PullState::kRestoring;
  const std::uint64_t waiting =
      is_back ? count_of(record_, CopyState::kMoved) + count_of(record_, CopyState::kRestoring)
              : count_of(record_, CopyState::kFound) + count_of(record_, CopyState::kMoving);
  const std::uint64_t done = count_of(record_, is_back ? CopyState::kRestored : CopyState::kMoved) +
                             count_of(record_, CopyState::kGone);
  parts_.progress(done, done + waiting, is_back ? "moving copies back" : "moving copies");
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/messages/pull_summary.h"

#include "directory/messages/pull_record.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace directory {
namespace {

struct Phrase {
  CopyState state;
  std::string_view one;
  std::string_view many;
};

constexpr std::array kPhrases{
    Phrase{.state = CopyState::kFound, .one = "copy was found", .many = "copies were found"},
    Phrase{.state = CopyState::kMoved, .one = "copy was moved", .many = "copies were moved"},
    Phrase{.state = CopyState::kRestored, .one = "is back", .many = "are back"},
    Phrase{.state = CopyState::kQuarantined,
           .one = "was in quarantine already",
           .many = "were in quarantine already"},
    Phrase{.state = CopyState::kLeft, .one = "was left alone", .many = "were left alone"},
    Phrase{.state = CopyState::kGone, .one = "is gone", .many = "are gone"},
    Phrase{.state = CopyState::kMoving, .one = "was on its way", .many = "were on their way"},
    Phrase{.state = CopyState::kRestoring,
           .one = "was on its way back",
           .many = "were on their way back"},
    Phrase{.state = CopyState::kFailed,
           .one = "copy or mailbox failed",
           .many = "copies or mailboxes failed"},
    Phrase{.state = CopyState::kNoMailbox,
           .one = "recipient has no mailbox",
           .many = "recipients have no mailbox"}};

}  // namespace

std::string summary_of(const PullRecord& record) {
  std::string text;
  for (const Phrase& phrase : kPhrases) {
    const std::uint64_t count = count_of(record, phrase.state);
    if (count > 0) {
      text += fmt::format(
          "{}{} {}", text.empty() ? "" : ", ", count, count == 1 ? phrase.one : phrase.many);
    }
  }
  return text.empty() ? fmt::format("no copy in {} mailboxes", record.searched) : text;
}

std::uint64_t troubles_of(const PullRecord& record) {
  const bool has_ended = !is_under_way(record.state);
  const std::uint64_t unfinished =
      count_of(record, CopyState::kMoving) + count_of(record, CopyState::kRestoring);
  return count_of(record, CopyState::kFailed) + (has_ended ? unfinished : 0);
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/replay/mailbox_splitter.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace gateway {
namespace {

constexpr std::string_view kSeparator = "From ";

bool is_empty_line(std::string_view line) {
  return line == "\n" || line == "\r\n";
}

}  // namespace

MailboxSplitter::MailboxSplitter(MailFormat format, std::size_t limit, Take take)
    : format_(format), limit_(limit), take_(std::move(take)) {}

void MailboxSplitter::feed(std::string_view octets) {
  if (state_ == State::kStart) {
    const std::size_t missing = std::min(kSeparator.size() - line_start_.size(), octets.size());
    line_start_ += octets.substr(0, missing);
    octets.remove_prefix(missing);
    if (line_start_.size() < kSeparator.size()) {
      return;
    }
    begin();
  }
  split(octets);
}

void MailboxSplitter::finish() {
  if (state_ == State::kStart) {
    begin();
  }
  if (state_ == State::kHeader || state_ == State::kSeparator) {
    take_(std::move(header_));
  }
  state_ = State::kDone;
}

// The first octets are there, or all there are: what kind of file this is can be told.
void MailboxSplitter::begin() {
  const std::string beginning = std::exchange(line_start_, {});
  if (beginning == kSeparator) {
    state_ = State::kBody;
    is_after_empty_line_ = true;
    format_ = format_ == MailFormat::kMessage ? format_ : MailFormat::kMailbox;
  } else if (format_ == MailFormat::kMailbox || beginning.empty()) {
    state_ = State::kDone;
  } else {
    format_ = MailFormat::kMessage;
    begin_message();
    state_ = State::kHeader;
  }
  split(beginning);
}

void MailboxSplitter::split(std::string_view octets) {
  while (!octets.empty() && state_ != State::kDone) {
    const std::size_t end = octets.find('\n');
    const std::string_view piece =
        end == std::string_view::npos ? octets : octets.substr(0, end + 1);
    octets.remove_prefix(piece.size());
    take_piece(piece);
    if (end != std::string_view::npos) {
      end_line();
    }
  }
}

// `piece` is a part of one line; only its last octet may be a line end.
void MailboxSplitter::take_piece(std::string_view piece) {
  if (line_start_.size() < kSeparator.size()) {
    line_start_ += piece.substr(0, kSeparator.size() - line_start_.size());
  }
  line_octets_ += piece.size();
  if (state_ == State::kHeader) {
    append(piece);
  } else if (state_ == State::kBody && is_after_empty_line_ && line_start_ == kSeparator) {
    begin_message();
    state_ = State::kSeparator;
  }
}

void MailboxSplitter::end_line() {
  const bool is_empty = line_octets_ == line_start_.size() && is_empty_line(line_start_);
  line_start_.clear();
  line_octets_ = 0;
  is_after_empty_line_ = is_empty;
  if (state_ == State::kSeparator) {
    state_ = State::kHeader;
  } else if (state_ == State::kHeader && is_empty) {
    take_(std::move(header_));
    state_ = format_ == MailFormat::kMailbox ? State::kBody : State::kDone;
  }
}

void MailboxSplitter::begin_message() {
  ++messages_;
  header_ = {};
  header_.number = format_ == MailFormat::kMailbox ? messages_ : 0;
}

void MailboxSplitter::append(std::string_view piece) {
  const std::size_t room = limit_ - std::min(limit_, header_.octets.size());
  header_.octets += piece.substr(0, room);
  header_.is_cut = header_.is_cut || piece.size() > room;
}

}  // namespace gateway

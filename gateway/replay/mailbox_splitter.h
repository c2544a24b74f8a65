// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace gateway {

/// The header of one message of a file, with the empty line that ends it.
struct StoredHeader {
  std::string octets;
  std::uint64_t number =
      0;                ///< of the message in its mailbox, from 1; 0: it is the file's only one
  bool is_cut = false;  ///< it was longer than the limit, and this is its beginning
};

/// What a file is read as.
enum class MailFormat {
  kMessage,  ///< one message
  kMailbox,  ///< an mbox file; one that does not begin with a `From ` line holds no message
  kEither,   ///< an mbox file if it begins with a `From ` line, one message otherwise
};

/// Takes the headers of the messages out of a file that is given in pieces. A mailbox is read as
/// mboxo, mboxrd and mboxcl have it (RFC 4155 describes the first): a message begins with a line
/// that starts with `From `, at the start of the file or after an empty line. What a message says
/// about its own length is not believed, since it could hide the messages behind it. Lines end in
/// LF or CRLF and may be of any length; a body is passed over unread. Of one message, a `From `
/// line before it is passed over too. Linear and total; holds one header of at most `limit` octets.
class MailboxSplitter {
 public:
  using Take = std::function<void(StoredHeader&& header)>;

  /// `take` is called with each header when its end is seen, by `feed` or `finish`.
  MailboxSplitter(MailFormat format, std::size_t limit, Take take);

  /// Takes the next octets of the file.
  void feed(std::string_view octets);

  /// The file ends here. Nothing may be fed after it.
  void finish();

  /// Nothing that follows matters: the only message's header has been read, or there is no message.
  [[nodiscard]] bool is_done() const { return state_ == State::kDone; }

  /// How many messages have begun.
  [[nodiscard]] std::uint64_t messages() const { return messages_; }

 private:
  enum class State { kStart, kSeparator, kHeader, kBody, kDone };

  void begin();
  void split(std::string_view octets);
  void take_piece(std::string_view piece);
  void end_line();
  void begin_message();
  void append(std::string_view piece);

  // Constant after construction.
  MailFormat format_;
  std::size_t limit_;
  Take take_;

  State state_ = State::kStart;
  std::uint64_t messages_ = 0;
  StoredHeader header_;
  std::string line_start_;  // the first octets of the current line, as many as tell what it is
  std::size_t line_octets_ = 0;
  bool is_after_empty_line_ = false;
};

}  // namespace gateway

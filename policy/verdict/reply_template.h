// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"
#include "policy/verdict/finding.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// The longest text of an SMTP reply: RFC 5321 section 4.5.3.1.5 allows 512 octets a line, of
/// which the codes, the spaces and the line end take twelve and more.
inline constexpr std::size_t kMaximumReplyTextOctets = 496;

/// The text of a refusal, with the places of `{reason}` and `{person}`.
class ReplyTemplate {
 public:
  /// Refuses other placeholders, stray braces, what is no printable ASCII, and an empty text or one
  /// of over 400 octets. The error says what would be right.
  [[nodiscard]] static Result<ReplyTemplate> parse(std::string_view text);

  /// `{reason}`
  [[nodiscard]] static ReplyTemplate reason();

  /// The text for one finding: printable ASCII on one line of at most `kMaximumReplyTextOctets`;
  /// what is cut off ends in "...". What a name holds is never read as a placeholder.
  [[nodiscard]] std::string fill(const Finding& finding) const;

 private:
  enum class Piece { kText, kReason, kPerson };

  struct Part {
    Piece piece;
    std::string text;  // of kText
  };

  std::vector<Part> parts_;
};

}  // namespace policy

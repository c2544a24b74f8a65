// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/message/address_entry.h"
#include "gateway/message/address_tokens.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// A text of a field before its encoded words are decoded.
struct RawText {
  std::string octets;            ///< unquoted, white space collapsed
  bool has_quoted_word = false;  ///< an encoded word stood in a quoted string

  /// Adds `other` behind this, with `separator` between the two where both have text.
  void append(const RawText& other, std::string_view separator = " ");
};

/// The text of these tokens, without comments.
[[nodiscard]] RawText text_of(AddressTokenSpan tokens);

/// The text of a comment without its parentheses; what is nested deeper than the limit is left out.
[[nodiscard]] RawText comment_text(std::string_view octets, std::size_t depth_limit);

/// The text of octets in which no quote or parenthesis has a meaning.
[[nodiscard]] RawText plain_text(std::string_view octets);

/// Every text that a mail client may show for `raw`: each way to decode its encoded words, and
/// each cut at its first NUL. Without duplicates; valid UTF-8; runs of spaces and tabs collapsed
/// and trimmed; none is empty.
[[nodiscard]] std::vector<std::string> shown_readings(const RawText& raw);

/// A raw field as one text to look for names in, decoded as far as that can be done without
/// parsing, at most `octet_limit` octets of UTF-8.
[[nodiscard]] std::string searchable_text(std::string_view field, std::size_t octet_limit);

/// Adds the octets of one token that is no comment, quoted pairs undone, encoded words as received.
void append_unescaped(std::string& text, const AddressToken& token);

/// Whether `text` holds an encoded word.
[[nodiscard]] bool has_encoded_word(std::string_view text);

/// `text` with runs of spaces and tabs collapsed to one space, and trimmed of them.
[[nodiscard]] std::string collapsed(std::string_view text);

}  // namespace gateway

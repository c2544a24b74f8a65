// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace gateway {

enum class AddressTokenKind {
  kText,     ///< characters that are neither white space nor syntax, or one encoded word
  kQuoted,   ///< quoted string
  kComment,  ///< text in parentheses
  kSyntax,   ///< one of `<>,;:@`
  kStray,    ///< a quote or parenthesis without its partner; it counts as white space
};

/// One token of an address field. The view points into the field.
struct AddressToken {
  AddressTokenKind kind = AddressTokenKind::kText;
  bool is_spaced = false;        ///< white space stood before it
  bool is_encoded_word = false;  ///< a `kText` that is an encoded word
  /// The octets as received, quoted pairs included, without the outer quotes or parentheses. Of a
  /// stray opening quote or parenthesis: all that follows it.
  std::string_view octets;

  [[nodiscard]] bool is(char syntax) const {
    return kind == AddressTokenKind::kSyntax && octets.front() == syntax;
  }
};

/// What an encoded word is to the tokenizer.
enum class EncodedWords {
  kWhole,  ///< one token, whatever it holds: what mail clients see that decode first
  kSplit,  ///< text like any other: what RFC 5322 sees
};

/// The tokens of a field value, and what was odd about them.
struct AddressTokens {
  std::vector<AddressToken> tokens;
  bool has_stray_quote = false;
  bool has_stray_parenthesis = false;
  bool has_syntax_in_word = false;  ///< the two ways of `EncodedWords` differ
  bool is_too_deep = false;         ///< comments nested deeper than the limit
};

/// Tokenizes the value of an address field. Total and linear: an opening quote or parenthesis
/// without its partner is passed over, and what follows is read as if no other were there.
[[nodiscard]] AddressTokens tokenize_addresses(std::string_view value,
                                               EncodedWords words,
                                               std::size_t comment_depth_limit);

}  // namespace gateway

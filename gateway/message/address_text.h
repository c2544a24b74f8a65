// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/message/address_entry.h"
#include "policy/verdict/sender_field.h"

#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// An address of a field.
struct ReadAddress {
  std::string text;  ///< `local@domain`, unquoted, comments and white space removed
  /// `text` up to the last @, where it shows more than a local part does: it holds an encoded word,
  /// white space, or an address of its own.
  std::string shown_local_part;
  bool has_encoded_word = false;
};

/// Puts the tokens of an address together.
[[nodiscard]] ReadAddress read_address(AddressTokenSpan address);

/// An address that stands in a text, without the quotes, brackets or punctuation around it there:
/// `'jane@x.example' <jane@x.example>` holds one address.
[[nodiscard]] std::string_view without_surroundings(std::string_view address);

/// What RFC 5322 (section 3.4.1, without the obsolete forms) does not allow in this address, or
/// makes it ambiguous: comments and white space inside, a domain that is no name.
[[nodiscard]] std::vector<policy::FieldDefect> address_defects(AddressTokenSpan address);

/// Whether RFC 5322 allows this text as a display name. Dots are let pass, although they are
/// allowed in its obsolete form only: they are everywhere, and can be read in one way only.
[[nodiscard]] bool is_regular_phrase(AddressTokenSpan text);

}  // namespace gateway

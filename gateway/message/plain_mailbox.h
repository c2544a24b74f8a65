// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace gateway {

/// An ordinary field value: one address, with a name before it perhaps. The views point into it.
struct PlainMailbox {
  std::string_view phrase;   ///< without its quotes, spaces not yet collapsed; empty where none
  std::string_view address;  ///< dot-atom, @, dot-atom
};

/// The short way for near all mail: `jane@x.example`, `Jane Doe <jane@x.example>` and
/// `"Jane Doe" <jane@x.example>` in printable ASCII without encoded words, comments, folds or
/// quoted pairs, the phrase of at most `phrase_limit` octets. Nothing for anything else. What it
/// reads, `read_sender_list` reads alike and without a defect.
[[nodiscard]] std::optional<PlainMailbox> read_plain_mailbox(std::string_view value,
                                                             std::size_t phrase_limit);

}  // namespace gateway

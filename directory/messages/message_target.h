// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/graph/message_queries.h"
#include "policy/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace directory {

/// Which message is meant. A Message-ID is the sender's to choose, and may be that of another
/// message: what else is known tells them apart.
struct MessageTarget {
  std::string message_id;       ///< as it stands in the header
  std::string sender;           ///< canonical address in From; empty: any
  std::string subject;          ///< empty: any
  std::int64_t not_before = 0;  ///< received, in seconds since 1970; 0: any time
  std::int64_t not_after = 0;   ///< 0: any time
};

/// The Message-ID as headers have it: with its angle brackets, which people leave out.
/// `kInvalidInput` for what is none.
[[nodiscard]] policy::Result<std::string> parse_message_id(std::string_view text);

/// A subject in the form in which subjects are compared: white space as one space.
[[nodiscard]] std::string comparable_subject(std::string_view subject);

/// Why this copy is not the message that is meant, in half a sentence; empty if it is.
[[nodiscard]] std::string objection_to(const MessageTarget& target, const MessageCopy& copy);

}  // namespace directory

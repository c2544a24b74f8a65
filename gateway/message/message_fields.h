// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/message/sender_field_builder.h"
#include "gateway/message/sender_field_parser.h"
#include "policy/verdict/message_senders.h"

#include <cstddef>
#include <string_view>

namespace gateway {

/// Reads the fields of one message that say who sent it, in the order in which they stand: From,
/// Sender, Reply-To, List-Id, X-Original-Sender. Total, and bounded by its limits. Not thread-safe;
/// one for each message.
class MessageFields {
 public:
  /// `limits` are those of From; of Sender and Reply-To fewer octets are looked at.
  explicit MessageFields(const SenderFieldLimits& limits = {});

  /// Takes a field if it is one of these, and says whether it was a From. `value` is what stands
  /// after the colon, folds included; it need not outlive the call.
  bool add(std::string_view name, std::string_view value, bool space_before_colon);

  /// Notes a line of the header that is no field.
  void note_stray_line() { has_stray_line_ = true; }

  /// All that was read. The reader is spent.
  [[nodiscard]] policy::MessageSenders finish();

 private:
  void add_other(std::string_view name, std::string_view value);

  SenderFieldParser from_;
  SenderFieldParser sender_;
  SenderFieldParser reply_to_;
  policy::MessageSenders senders_;
  std::size_t others_ = 0;
  bool has_stray_line_ = false;
};

}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/message/sender_field_builder.h"
#include "gateway/message/sender_field_parser.h"
#include "policy/verdict/message_senders.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Reads the fields of one message that say who sent it, in the order in which they stand: From,
/// Sender, Reply-To, List-Id, X-Original-Sender, Full-Name. Total, and bounded by its limits. Not
/// thread-safe; one for each message.
class MessageFields {
 public:
  /// `limits` are those of From; of Sender and Reply-To fewer octets are looked at.
  explicit MessageFields(const SenderFieldLimits& limits = {});

  /// The envelope's sender without angle brackets, told before any field; empty where there is none
  /// or it is not known.
  void set_mail_from(std::string_view address) { mail_from_ = address; }

  /// Takes a field if it is one of these, and says whether it was a From. `value` is what stands
  /// after the colon, folds included; it need not outlive the call.
  bool add(std::string_view name, std::string_view value, bool space_before_colon);

  /// Notes a line of the header that is no field.
  void note_stray_line() { has_stray_line_ = true; }

  /// All that was read. The reader is spent. A message whose From names nobody is given one by who
  /// delivers it: of its envelope, and on Sendmail of its Full-Name. So it shows that, with the
  /// defects of what it has.
  [[nodiscard]] policy::MessageSenders finish();

 private:
  void add_other(std::string_view name, std::string_view value);
  SenderFieldParser& full_names();
  void add_full_name(std::string_view value);
  void put_author(policy::SenderField& from);

  SenderFieldLimits limits_;
  std::string mail_from_;
  SenderFieldParser from_;
  SenderFieldParser sender_;
  SenderFieldParser reply_to_;
  std::optional<SenderFieldParser> full_names_;  // each before the envelope's sender
  policy::MessageSenders senders_;
  std::size_t others_ = 0;
  bool has_stray_line_ = false;
};

}  // namespace gateway

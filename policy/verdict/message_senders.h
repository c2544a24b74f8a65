// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/verdict/sender_field.h"

#include <string>
#include <vector>

namespace policy {

/// All that a message says of who sent it.
struct MessageSenders {
  MessageSenders() {
    sender.name = SenderFieldName::kSender;
    reply_to.name = SenderFieldName::kReplyTo;
  }

  SenderField from;
  SenderField sender;
  SenderField reply_to;
  std::vector<std::string> list_domains;      ///< of its List-Id fields (RFC 2919), canonical
  std::vector<std::string> original_senders;  ///< X-Original-Sender, canonical addresses
};

}  // namespace policy

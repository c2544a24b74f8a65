// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"
#include "tests/support/milter_protocol.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tests {

/// A change to the message that a milter asks for at its end.
struct Change {
  enum class Kind {
    kAddHeader,
    kInsertHeader,
    kChangeHeader,
    kAddRecipient,
    kDeleteRecipient,
    kChangeSender,
    kReplaceBody,
    kQuarantine,
  };
  Kind kind;
  std::uint32_t index = 0;  ///< of kInsertHeader (0 is the top) and kChangeHeader (1 is the first)
  std::string name;         ///< of the header field
  std::string value;        ///< of the header field (empty deletes it), address, body or reason
  std::string arguments;    ///< ESMTP arguments of kAddRecipient and kChangeSender
};

/// What a milter answered to one command.
struct Reply {
  enum class Verdict {
    kNone,  ///< Nothing was asked, or the milter does not answer at this stage.
    kContinue,
    kAccept,
    kReject,
    kTempfail,
    kDiscard,
    kSkip,
    kReplyCode,
    kConnectionFailure,
    kShutdown,
  };
  Verdict verdict = Verdict::kNone;
  Command answered = Command::kNegotiate;  ///< the command this is the answer to
  std::string text;                        ///< of kReplyCode: the SMTP reply, as sent
  std::vector<Change> changes;             ///< in the order they were asked for

  /// Whether the MTA is done with the message after this.
  [[nodiscard]] bool ends_message() const;
};

/// Puts one packet of the milter's into `reply`. True when it is the last of the answer: changes
/// and signs of life come before it.
[[nodiscard]] policy::Result<bool> add_to_reply(Reply& reply, const Packet& packet);

}  // namespace tests

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/session/verdict.h"
#include "policy/verdict/message_senders.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// A header field that is put at the top of the message.
struct AddedField {
  std::string name;
  std::string value;
};

/// An inbound field that is taken out.
struct RemovedField {
  std::string name;
  std::size_t occurrence;  ///< from 1, among the fields of that name
};

/// An inbound field whose value is replaced.
struct ChangedField {
  std::string name;
  std::size_t occurrence;  ///< from 1, among the fields of that name
  std::string value;       ///< folded with LF and white space
};

/// A field of the message as it came in.
struct InboundField {
  std::string name;
  std::size_t occurrence;  ///< from 1, among the fields of that name
  std::string value;       ///< as received, folds included
};

/// What came in, as far as a policy may change it.
struct InboundMessage {
  std::vector<RemovedField> stamps;     ///< fields that came in with it and are ours alone
  std::vector<InboundField> subjects;   ///< kept if the policy changes subjects
  std::vector<InboundField> senders;    ///< From, Sender, Reply-To; kept if the policy exposes
  std::vector<std::string> recipients;  ///< of the envelope, without angles
};

/// An SMTP reply of our own.
struct SmtpReply {
  std::string code;           ///< "550"
  std::string enhanced_code;  ///< "5.7.1"
  std::string text;           ///< printable ASCII on one line
};

/// What is done to one message at its end, in this order.
struct Enforcement {
  enum class Outcome { kAccept, kReject, kTempFail, kDiscard };

  std::vector<RemovedField> removed;  ///< higher occurrences first
  std::vector<ChangedField> changed;
  std::vector<AddedField> added;                ///< the last one ends up on top
  std::vector<std::string> added_recipients;    ///< without angles; before any is removed
  std::vector<std::string> removed_recipients;  ///< without angles
  std::optional<std::string> quarantine_reason;
  std::optional<SmtpReply> reply;  ///< with `kReject` and `kTempFail`; absent: the MTA's own
  Outcome outcome = Outcome::kAccept;

  /// Whether the message may be accepted at the end of its header.
  [[nodiscard]] bool changes_nothing() const {
    return removed.empty() && changed.empty() && added.empty() && added_recipients.empty() &&
           removed_recipients.empty() && !quarantine_reason.has_value() &&
           outcome == Outcome::kAccept;
  }
};

/// What the verdict asks for. `senders` are the message's fields as they were read.
[[nodiscard]] Enforcement enforce(const Verdict& verdict,
                                  const InboundMessage& inbound,
                                  const policy::MessageSenders& senders);

}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/session/verdict.h"

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

/// An SMTP reply of our own.
struct SmtpReply {
  std::string code;           ///< "550"
  std::string enhanced_code;  ///< "5.7.1"
  std::string text;           ///< printable ASCII on one line
};

/// What is done to one message at its end, in this order.
struct Enforcement {
  enum class Outcome { kAccept, kReject, kTempFail };

  std::vector<RemovedField> removed;  ///< higher occurrences first
  std::vector<AddedField> added;      ///< the last one ends up on top
  std::optional<std::string> quarantine_reason;
  std::optional<SmtpReply> reply;  ///< with `kReject` and `kTempFail`; absent: the MTA's own
  Outcome outcome = Outcome::kAccept;

  /// Whether the message may be accepted at the end of its header.
  [[nodiscard]] bool changes_nothing() const {
    return removed.empty() && added.empty() && !quarantine_reason.has_value() &&
           outcome == Outcome::kAccept;
  }
};

/// What the verdict asks for; `inbound_stamps` are the fields of ours that came in with the
/// message.
[[nodiscard]] Enforcement enforce(const Verdict& verdict,
                                  const std::vector<RemovedField>& inbound_stamps);

}  // namespace gateway

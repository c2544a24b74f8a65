// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/session/judge.h"
#include "gateway/session/verdict.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What the header of a stored message tells of it. Of each text 1,000 octets are kept, as they
/// stand in the message: they go through `policy::visible_text` before they are shown.
struct StoredMessage {
  /// The recipients are those of Delivered-To, X-Original-To and Envelope-To; without such a field
  /// every organization is asked, since To and Cc do not say for whom a message came.
  MessageFacts facts;
  std::string message_id;
  std::string from;        ///< the first From field
  std::string mail_from;   ///< envelope sender, of the first Return-Path
  std::size_t fields = 0;  ///< of the header, of any name
  /// Values of Authentication-Results that are kept, the topmost first. What of them is believed is
  /// for a policy to say.
  std::vector<std::string> results;
};

/// Reads a header block. `from_octets` is the limit of that name in gateway.yaml. Total.
[[nodiscard]] StoredMessage read_stored_message(std::string_view header, std::size_t from_octets);

/// Judges a stored message. It was received by servers of our own, so what the topmost
/// Authentication-Results of a trusted authserv-id says of the From domain is believed, by
/// whichever client it came; without one the address alone decides.
[[nodiscard]] Verdict judge_stored_message(const StoredMessage& message,
                                           const InForce& in_force,
                                           const DegradedActions& degraded);

/// The addresses of an envelope field: separated by commas, with or without angle brackets,
/// canonical. Those without a domain are left out.
[[nodiscard]] std::vector<std::string> envelope_addresses(std::string_view value);

}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/session/judge.h"

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
};

/// Reads a header block. `from_octets` is the limit of that name in gateway.yaml. Total.
[[nodiscard]] StoredMessage read_stored_message(std::string_view header, std::size_t from_octets);

/// The addresses of an envelope field: separated by commas, with or without angle brackets,
/// canonical. Those without a domain are left out.
[[nodiscard]] std::vector<std::string> envelope_addresses(std::string_view value);

}  // namespace gateway

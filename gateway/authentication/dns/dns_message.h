// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dns/dns_answer.h"

#include <string_view>

namespace gateway {

/// Reads the answer to `question` from a message as it came over the wire (RFC 1035, 4), any
/// octets. Aliases (CNAME) are followed within the message. What is malformed, answers another
/// question, holds more than 256 records or a text of more than 16 KiB is a temporary failure. An
/// absence lives as its SOA record says (RFC 2308, 5), zero seconds without one.
[[nodiscard]] DnsAnswer read_dns_message(std::string_view message, const DnsQuestion& question);

}  // namespace gateway

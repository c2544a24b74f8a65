// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"
#include "policy/ip_address.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// Kinds of records that are asked for, with their numbers in DNS.
enum class DnsType : std::uint16_t { kA = 1, kPtr = 12, kMx = 15, kTxt = 16, kAaaa = 28 };

/// What is asked. The name is in lower case, without trailing dot; `is_dns_name` holds for it.
struct DnsQuestion {
  std::string name;
  DnsType type = DnsType::kMx;
};

/// How a question ended.
enum class DnsStatus {
  kFound,
  kAbsent,  ///< the name does not exist, or has no records of this type
  kFailed,  ///< timeout, SERVFAIL, REFUSED, or an answer that makes no sense or is too large
};

/// What DNS says. Only the member of the question's type is filled, and only with `kFound`.
struct DnsAnswer {
  DnsStatus status = DnsStatus::kFailed;
  std::uint32_t ttl = 0;                     ///< the least, in seconds
  std::vector<policy::IpAddress> addresses;  ///< A, AAAA
  std::vector<MxHost> hosts;                 ///< MX by preference, then name; PTR with preference 0
  std::vector<std::string> texts;            ///< TXT: the strings of each record joined; any octets
};

/// Whether DNS can be asked for it: 1 to 253 octets in labels of 1 to 63, of letters, digits,
/// hyphens and underscores, without trailing dot.
[[nodiscard]] bool is_dns_name(std::string_view name);

/// In lower case, without trailing dot.
[[nodiscard]] std::string lower_dns_name(std::string_view name);

/// Reads a server's message (RFC 1035, 4) as the answer to the question, following its aliases. A
/// name in it that `is_dns_name` refuses makes no sense, but for the root.
[[nodiscard]] DnsAnswer read_dns_message(std::string_view message, const DnsQuestion& question);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/ip_address.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gateway {

/// Kinds of records that sender authentication asks for, with their numbers in DNS.
enum class DnsType : std::uint16_t {
  kA = 1,
  kPtr = 12,
  kMx = 15,
  kTxt = 16,
  kAaaa = 28,
};

/// What is asked: in lower case, without trailing dot; `is_dns_name` holds for it.
struct DnsQuestion {
  std::string name;
  DnsType type = DnsType::kTxt;

  friend auto operator<=>(const DnsQuestion&, const DnsQuestion&) = default;
};

/// How a question ended.
enum class DnsStatus {
  kFound,
  kNoData,            ///< the name exists, without records of this type
  kNoName,            ///< the name does not exist (NXDOMAIN)
  kTemporaryFailure,  ///< timeout, SERVFAIL, REFUSED, an answer that makes no sense or is too large
};

/// What DNS says. Only the member of the question's type is filled, and only with `kFound`.
struct DnsAnswer {
  DnsStatus status = DnsStatus::kTemporaryFailure;
  std::vector<std::string> texts;  ///< TXT: the strings of each record joined; any octets
  std::vector<policy::IpAddress> addresses;
  std::vector<std::string> names;   ///< MX in order of preference, PTR; lower case, no trailing dot
  std::chrono::seconds lifetime{};  ///< as DNS gives it: least TTL, or that of the absence
};

}  // namespace gateway

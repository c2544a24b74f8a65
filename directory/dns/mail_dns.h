// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/task.h"
#include "policy/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace directory {

/// One of the servers that take mail for a domain.
struct MxHost {
  std::string host;  ///< in lower case, without trailing dot; empty: the null MX (RFC 7505)
  std::uint16_t preference = 0;  ///< the least is tried first

  friend bool operator==(const MxHost&, const MxHost&) = default;
};

/// The MX records of a domain.
struct MxAnswer {
  std::vector<MxHost> hosts;  ///< by preference, then by name; empty: there are none
  std::uint32_t ttl = 0;      ///< the least of the records, in seconds; 0 where there are none
};

/// What SPF says of a client (RFC 7208, 2.6).
enum class SpfResult { kPass, kFail, kSoftFail, kNeutral, kNone, kTempError, kPermError };

/// The result, and for people what matched or what is wrong: one sentence without full stop. Words
/// of the domain's records in it are the domain's: to be shown as text alone.
struct SpfAnswer {
  SpfResult result = SpfResult::kTempError;
  std::string explanation;
};

/// What public DNS says of a domain's mail. Used on the daemon's thread; it must outlive its tasks.
class MailDns {
 public:
  MailDns() = default;
  MailDns(const MailDns&) = delete;
  MailDns& operator=(const MailDns&) = delete;
  MailDns(MailDns&&) = delete;
  MailDns& operator=(MailDns&&) = delete;
  virtual ~MailDns() = default;

  /// The MX records of a domain. A domain that does not exist has none. `kUnavailable` where DNS
  /// does not answer in time, fails, or answers what makes no sense; `kInvalidInput` for what DNS
  /// cannot be asked for.
  [[nodiscard]] virtual Task<policy::Result<MxAnswer>> mx(std::string domain) = 0;

  /// The IPv4 and IPv6 addresses of a host, each once, as text; none for a host that does not
  /// exist. Fails as `mx` does.
  [[nodiscard]] virtual Task<policy::Result<std::vector<std::string>>> addresses(
      std::string host) = 0;

  /// The TXT records of a domain in the order of the answer, the strings of each joined (RFC 7208,
  /// 3.3); any octets. None for a domain that does not exist or has none. Fails as `mx` does.
  [[nodiscard]] virtual Task<policy::Result<std::vector<std::string>>> txt(std::string domain) = 0;

  /// What SPF says of mail from postmaster@`domain` that comes from this IP address. Whatever keeps
  /// it from being found out is `kTempError`.
  [[nodiscard]] virtual Task<SpfAnswer> spf(std::string domain, std::string address) = 0;
};

}  // namespace directory

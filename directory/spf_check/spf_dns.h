// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/dns_message.h"
#include "directory/dns/mail_dns.h"
#include "directory/dns/question_channel.h"
#include "policy/ip_address.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace directory {

/// What libspf2 gets to see of DNS during one check: answers within the bounds of RFC 7208, 4.6.4,
/// which the library does not keep, and records without what it cannot bear. Where the check is
/// over because of what DNS says, this decides it and the library gets failures from then on.
class SpfDns {
 public:
  using Ask = std::function<DnsAnswer(const DnsQuestion&)>;

  static constexpr unsigned kMostTerms = 10;
  static constexpr unsigned kMostVoidLookUps = 2;
  static constexpr unsigned kMostQuestions = 111;

  /// The check of mail from `domain` (as DNS has it) by the host at this address. `ask` fetches.
  SpfDns(Ask ask, std::string domain, const policy::IpAddress& client);

  /// The answer for the library. Any name may be asked for.
  [[nodiscard]] DnsAnswer look_up(std::string_view name, DnsType type);

  /// How the check has ended, whatever the library says; nothing if the library has the word.
  [[nodiscard]] const std::optional<SpfAnswer>& decided() const { return decided_; }

  /// The record of the domain as it is published; empty before it was asked for.
  [[nodiscard]] const std::string& record() const { return record_; }

 private:
  DnsAnswer decide(SpfResult result, std::string explanation);
  DnsAnswer record_of(DnsAnswer answer, const std::string& name, bool is_first);
  DnsAnswer hosts_of(DnsAnswer answer, const std::string& name, DnsType type);

  Ask ask_;
  std::string domain_;
  policy::IpAddress client_;
  bool is_begun_ = false;
  unsigned questions_ = 0;
  unsigned terms_ = 0;
  unsigned void_look_ups_ = 0;
  std::set<std::string, std::less<>> hosts_;  // of MX and PTR answers: their addresses are no terms
  std::string record_;
  std::optional<SpfAnswer> decided_;
};

/// The record as this client needs it: terms `ip4` and `ip6` that hold for other addresses are left
/// out, since libspf2 drops all terms beyond some dozens, and the first that holds for the client
/// is the end, as `all`. Other terms stay.
[[nodiscard]] std::string record_for_client(std::string_view record,
                                            const policy::IpAddress& client);

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"
#include "directory/task.h"
#include "policy/mail_records/dmarc_record.h"
#include "policy/mail_records/public_suffix_list.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace directory {

// All texts are visible text on one line, of bounded length; words of the domain's records in them
// are the domain's: to be shown as text alone.

/// What DNS says of a domain's SPF (RFC 7208).
struct SpfPosture {
  enum class Status {
    kFound,
    kAbsent,
    kInvalid,     ///< two or more records, or one with an error in it: receivers take neither
    kUnanswered,  ///< DNS failed
  };

  Status status = Status::kUnanswered;
  std::string record;  ///< as published (the first, if several); empty if there is none

  /// Whether every address of the Internet passes, or every IPv4 or every IPv6 one; nothing where
  /// it could not be found out. Nobody passes by a record that is absent or invalid.
  std::optional<bool> allows_any;

  /// By which terms (`include:spf.example.net, then +all there`), or why it could not be found out:
  /// one sentence without full stop. Empty where not everybody passes.
  std::string reason;

  /// What people should know beside it: two records, `?all`, too many look-ups.
  std::vector<std::string> notes;
};

/// What DNS says of a domain's DMARC (RFC 7489).
struct DmarcPosture {
  enum class Status {
    kFound,
    kSeveral,     ///< receivers take none
    kAbsent,      ///< also where the only one is wrong, which a note says: receivers ignore it
    kUnanswered,  ///< DNS failed, or where to look is not known; a note says why
  };

  Status status = Status::kUnanswered;
  std::string record;         ///< as published, of several the first; empty if there is none
  std::string record_domain;  ///< where it stands: the domain, or its organizational domain

  /// That applies to the domain: `p`, or `sp` of its organizational domain's record.
  policy::DmarcPolicy policy = policy::DmarcPolicy::kNone;

  /// That applies to its subdomains: `sp`, else `p`.
  policy::DmarcPolicy subdomain_policy = policy::DmarcPolicy::kNone;

  unsigned percent = 100;  ///< pct: to how much of the mail the policy applies
  bool is_test = false;    ///< t=y: the policy is not to be applied yet (RFC 9989)
  std::vector<std::string> notes;
};

struct DomainMail {
  std::string domain;  ///< in lower-case A-label form
  SpfPosture spf;
  DmarcPosture dmarc;
};

/// Asks DNS, for about a hundred answers at most. Never fails: what DNS does not tell is
/// `kUnanswered`, or has no value. Without a list the organizational domain is not known: then a
/// name of three labels or more that has no DMARC record of its own is `kUnanswered`. `dns`
/// outlives the task, which runs on the daemon's thread.
[[nodiscard]] Task<DomainMail> look_at_domain_mail(
    MailDns& dns, std::string domain, std::shared_ptr<const policy::PublicSuffixList> list);

}  // namespace directory

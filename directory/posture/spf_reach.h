// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/dns/mail_dns.h"
#include "directory/task.h"
#include "policy/mail_records/spf_record.h"

#include <optional>
#include <string>
#include <vector>

namespace directory {

/// The SPF record among the TXT records of a name (RFC 7208, 4.5).
struct PublishedSpf {
  std::string text;                         ///< any octets; the first of several; empty: none
  std::optional<policy::SpfRecord> record;  ///< nothing for none, for several and for one in error
  std::string problem;                      ///< why there is no `record`, for people
};

/// A record of more than 8192 octets is one in error.
[[nodiscard]] PublishedSpf choose_spf_record(std::vector<std::string> texts);

/// Who may send by a record.
struct SpfReach {
  std::optional<bool> allows_any;  ///< nothing where DNS failed and no other term decides it
  std::string reason;              ///< the terms by which anybody passes, or why it is not known
  std::vector<std::string> notes;  ///< what else was met; at most 8, of visible text
};

/// Whether a domain's record lets every address of the Internet pass, or every IPv4 or every IPv6
/// one: through a term of its own, through the records it includes or redirects to, or by networks
/// that together leave nothing out. What a term denies before makes no difference, unless it denies
/// a whole family.
///
/// Follows the record as a receiver does (RFC 7208, 4.6.4), for at most 10 terms that ask DNS and
/// 2 void look-ups, and until 3 questions have failed: at most 111 questions. `a` and `mx` are
/// looked up only if their prefix is shorter than 8 bits. A name that depends on who sends
/// is not looked up, and noted. `dns` outlives the task; `domain` in lower-case A-label form.
[[nodiscard]] Task<SpfReach> find_spf_reach(MailDns& dns,
                                            std::string domain,
                                            policy::SpfRecord record);

}  // namespace directory

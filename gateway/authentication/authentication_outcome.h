// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/dkim/dkim_result.h"
#include "gateway/authentication/spf/spf_result.h"
#include "policy/mail_records/dmarc_record.h"
#include "policy/verdict/authentication.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// RFC 7489, 11.2.
enum class DmarcResult { kNone, kPass, kFail, kTempError, kPermError };

/// As in Authentication-Results.
[[nodiscard]] std::string_view word(DmarcResult result);

/// What was worked out about a message's sender. What nobody needed to know was not asked.
struct AuthenticationOutcome {
  std::string from_domain;
  std::optional<SpfResult> spf;      ///< absent: not asked
  std::string spf_domain;            ///< that SPF was about
  bool is_spf_of_helo = false;       ///< for the reverse-path was empty
  bool is_spf_aligned = false;       ///< that domain aligns with From's
  std::vector<DkimOutcome> dkim;     ///< of the signatures that were looked at
  std::optional<DmarcResult> dmarc;  ///< absent: not asked
  policy::DmarcPolicy dmarc_policy =
      policy::DmarcPolicy::kNone;  ///< published for this domain, if it is
  unsigned questions = 0;          ///< asked of DNS, answers from the cache included

  /// Whether something that might have passed could not be had: DNS failed, the helper died, it
  /// took too long. Nothing can be said about the sender then, where nothing else passed.
  bool is_unavailable = false;

  /// SPF or DKIM passed for a domain that aligns with From's.
  [[nodiscard]] bool has_aligned_pass() const;

  /// The same in the words of verdicts. DMARC that failed for a time is unknown there: ask
  /// `is_unavailable` before an address is believed.
  [[nodiscard]] policy::AuthenticationResults results() const;
};

}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policy {

/// What a domain asks to be done with mail that fails DMARC. The numbers are the protocol's of the
/// gateway and its helper.
enum class DmarcPolicy : std::uint8_t { kNone, kQuarantine, kReject };

/// How alike two domains must be.
enum class AlignmentMode {
  kRelaxed,  ///< of one organizational domain
  kStrict,   ///< the same
};

/// Whether a domain is a public suffix, by its own words (RFC 9989, `psd`).
enum class PublicSuffixClaim { kUnknown, kYes, kNo };

/// What a DMARC record says, as far as it matters here. To a verdict `percent` does not: a failure
/// is one.
struct DmarcRecord {
  DmarcPolicy policy = DmarcPolicy::kNone;                        ///< p
  std::optional<DmarcPolicy> subdomain_policy;                    ///< sp
  std::optional<DmarcPolicy> absent_subdomain_policy;             ///< np
  AlignmentMode dkim = AlignmentMode::kRelaxed;                   ///< adkim
  AlignmentMode spf = AlignmentMode::kRelaxed;                    ///< aspf
  PublicSuffixClaim public_suffix = PublicSuffixClaim::kUnknown;  ///< psd
  unsigned percent = 100;                                         ///< pct: 0 to 100
  bool is_test = false;                                           ///< t
};

/// Whether a TXT record is a DMARC record at all: it begins with `v=DMARC1`, exactly so.
[[nodiscard]] bool is_dmarc_record(std::string_view text);

/// Reads a record; nothing where it must be ignored. What is wrong beside the policies takes its
/// default; without a right `p`, or with a wrong `sp` or `np`, the policy is `none` if reports are
/// asked for, else there is none (RFC 7489, 6.6.3; RFC 9989).
[[nodiscard]] std::optional<DmarcRecord> parse_dmarc_record(std::string_view text);

/// The one record among the TXT records of a name; nothing where there is none or more than one.
[[nodiscard]] std::optional<DmarcRecord> choose_dmarc_record(const std::vector<std::string>& texts);

}  // namespace policy

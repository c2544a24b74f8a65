// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/ip_address.h"

#include <optional>
#include <string>
#include <vector>

namespace gateway {

/// A header field with all its octets, as signatures need them.
struct SignedField {
  std::string name;   ///< as spelled
  std::string value;  ///< all after the colon, the space that follows it too; folds as LF or CRLF
};

/// Whose authentication is asked, and how far.
struct AuthenticationRequest {
  std::string from_domain;                  ///< of the one From address, canonical
  std::optional<policy::IpAddress> client;  ///< absent: unknown, and SPF is not asked
  std::string helo;
  std::string mail_from;  ///< without angle brackets; empty for the null reverse-path
  /// The whole header, in order. Without the space after the colon, which libmilter drops unless
  /// SMFIP_HDR_LEADSPC is negotiated, signatures of simple header canonicalization do not verify.
  std::vector<SignedField> fields;
  /// Nothing more is asked where the From domain publishes no DMARC record.
  bool only_if_published = true;
  /// SPF alone does not do: whether DKIM passes, too, is needed.
  bool needs_dkim = false;
};

}  // namespace gateway

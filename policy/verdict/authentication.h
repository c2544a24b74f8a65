// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace policy {

/// What a configured address must show before it is believed (`authentication.require`).
enum class AuthenticationRequirement {
  kNever,      ///< nothing
  kPublished,  ///< DMARC must pass where the From domain publishes a record
  kAlways,     ///< SPF or DKIM must pass and align, record or none
};

/// What is known about the authentication of a message's From domain.
struct AuthenticationResults {
  enum class Dmarc {
    kUnknown,  ///< not worked out, or DNS failed
    kNone,     ///< the domain publishes no record
    kPass,
    kFail,
  };

  Dmarc dmarc = Dmarc::kUnknown;
  bool aligned_pass = false;  ///< SPF or DKIM passed for a domain that aligns with From's
  bool dkim_aligned = false;  ///< DKIM passed for a domain that aligns with From's

  /// Whether anything shows that the From domain sent the message.
  [[nodiscard]] bool is_authenticated() const { return aligned_pass || dmarc == Dmarc::kPass; }
};

/// Whether a message from one of the person's own addresses is believed. Under `kPublished` what is
/// unknown is believed: the address alone decides until DMARC has failed.
[[nodiscard]] bool address_is_authentic(AuthenticationRequirement requirement,
                                        const AuthenticationResults& results);

}  // namespace policy

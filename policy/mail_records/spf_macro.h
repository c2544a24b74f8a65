// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/ip_address.h"

#include <functional>
#include <string>
#include <string_view>

namespace policy {

/// Whose mail a check is about (RFC 7208, 2.3 and 4.1).
struct SpfSubject {
  IpAddress client{};
  std::string helo;           ///< as the client said it
  std::string local_part;     ///< of MAIL FROM; "postmaster" where it has none
  std::string sender_domain;  ///< of MAIL FROM, or HELO's name where the reverse-path is empty
};

/// The subject of a check for this client. `mail_from` is the reverse-path without angle brackets;
/// where it is empty the check is about `helo` (RFC 7208, 2.4).
[[nodiscard]] SpfSubject spf_subject(const IpAddress& client,
                                     std::string_view helo,
                                     std::string_view mail_from);

/// What the letters of macros stand for (RFC 7208, 7.2).
struct SpfMacroValues {
  const SpfSubject& subject;
  std::string_view domain;  ///< the current domain, %{d}
  /// The validated name of the client, %{p}: asked at most once for each use.
  const std::function<std::string()>& validated_name;
};

/// Whether it is right by the grammar (RFC 7208, 7.1); letters for explanations alone are not.
[[nodiscard]] bool is_macro_string(std::string_view text);

/// Whether it is a macro-string that ends in a top label or in a macro.
[[nodiscard]] bool is_domain_spec(std::string_view text);

/// The letters of the macros in it, in lower case, in their order; what is behind an error is not
/// looked at.
[[nodiscard]] std::string macro_letters(std::string_view text);

/// The name that a domain-spec stands for, in lower case and without trailing dot; too long a name
/// loses labels on its left until it has 253 octets (RFC 7208, 7.3). It need be no name DNS can
/// hold. `spec` is a domain-spec.
[[nodiscard]] std::string expand_domain_spec(std::string_view spec, const SpfMacroValues& values);

}  // namespace policy

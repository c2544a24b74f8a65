// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/authentication/authentication_outcome.h"
#include "policy/verdict/authentication.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

inline constexpr std::string_view kAuthenticationResults = "Authentication-Results";

/// The value of an Authentication-Results field (RFC 8601) that says what was worked out; what was
/// not asked does not appear. Folded with LF and a tab, no line over 998 octets. Every value is a
/// token or a quoted string, so that nothing in it can end the field or begin another result.
/// `mail_from` is the reverse-path without angle brackets.
[[nodiscard]] std::string authentication_results_value(std::string_view authserv_id,
                                                       const AuthenticationOutcome& outcome,
                                                       std::string_view mail_from,
                                                       std::string_view helo);

/// One property of a result: `header.d=contoso.example`.
struct ResultProperty {
  std::string name;  ///< type and property, in lower case: header.d
  std::string value;
};

/// One result of a field: `dkim=pass header.d=contoso.example`.
struct MethodResult {
  std::string method;  ///< in lower case
  std::string result;  ///< in lower case
  std::vector<ResultProperty> properties;

  /// The value of the only property of this name; nothing where there is none or more than one.
  [[nodiscard]] std::optional<std::string_view> property(std::string_view name) const;
};

/// What a server says it found.
struct AuthenticationResultsField {
  std::string authserv_id;  ///< in lower case
  std::vector<MethodResult> results;
};

/// Reads the value of a field strictly by RFC 8601's grammar; any octets. Nothing for one that is
/// not right throughout, of another version, over 16 KiB, or with more than 64 results.
[[nodiscard]] std::optional<AuthenticationResultsField> parse_authentication_results(
    std::string_view value);

/// The authserv-id of a field, in lower case, read as leniently as software does that might believe
/// it; nothing where there is none. For telling which fields claim to be ours.
[[nodiscard]] std::optional<std::string> claimed_authserv_id(std::string_view value);

/// Adds the value of a field to those that `trusted_results` may be asked with: 64 at most, none
/// over 16 KiB. Fields come from the topmost down.
void keep_authentication_results(std::vector<std::string>& kept, std::string_view value);

/// What trusted servers say of the From domain: the first field of a trusted authserv-id counts,
/// the topmost, which came last. Nothing where there is none that can be read. DKIM and SPF count
/// as aligned only where the domain is From's own. Whether the client may be believed is the
/// caller's to know.
[[nodiscard]] std::optional<policy::AuthenticationResults> trusted_results(
    std::span<const std::string> values,
    std::span<const std::string> trusted_authserv_ids,
    std::string_view from_domain);

}  // namespace gateway

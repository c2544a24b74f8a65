// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {

/// Who is spoken to: scheme, host and port together (RFC 6454).
struct Origin {
  std::string scheme;  ///< `https` or `http`
  std::string host;    ///< in lower case; an IPv6 address without brackets
  std::uint16_t port = 0;

  friend bool operator==(const Origin&, const Origin&) = default;
};

/// The origin as text, without a trailing slash; the port only where it is not the scheme's own.
[[nodiscard]] std::string text_of(const Origin& origin);

/// An absolute http or https URL (RFC 3986).
class Url {
 public:
  /// `kInvalidInput` for what is no such URL, and for one with user information or a fragment.
  [[nodiscard]] static policy::Result<Url> parse(std::string_view text);

  [[nodiscard]] const Origin& origin() const { return origin_; }

  /// Path and query, as they are sent; never empty.
  [[nodiscard]] const std::string& target() const { return target_; }

  /// The URL as text.
  [[nodiscard]] std::string text() const;

  /// Whether plain http is harmless here: the host is `localhost`, 127.0.0.0/8 or ::1.
  [[nodiscard]] bool is_loopback() const;

 private:
  Origin origin_;
  std::string target_;
};

/// Text as one component of a URL's query or of a form: everything but unreserved characters is
/// percent-encoded.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// Names and values of a query or a form, decoded, in their order.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// Takes a query or a form apart; a plus sign is a space. `kInvalidInput` for a percent sign that
/// is not followed by two hexadecimal digits.
[[nodiscard]] policy::Result<QueryParameters> parse_query(std::string_view query);

/// The value of the first parameter of this name.
[[nodiscard]] std::optional<std::string_view> find_parameter(const QueryParameters& parameters,
                                                             std::string_view name);

}  // namespace directory

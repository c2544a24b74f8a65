// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Where the key of a signature is, and who vouches.
struct DkimSignature {
  std::string domain;    ///< d=, lower case; a mail domain
  std::string selector;  ///< s=, lower case
  bool is_rsa = true;    ///< rsa-sha256, else ed25519-sha256

  /// Where its key is asked for.
  [[nodiscard]] std::string key_name() const;
};

/// Reads the value of a DKIM-Signature field (RFC 6376, 3.5); any octets. Nothing for a signature
/// that cannot be believed whatever its key: malformed, rsa-sha1, From not signed, expired at
/// `now`.
[[nodiscard]] std::optional<DkimSignature> parse_dkim_signature(
    std::string_view value, std::chrono::system_clock::time_point now);

}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/result.h"

#include <boost/json/object.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;

namespace tests::microsoft {

/// Base64url without padding (RFC 4648, 5).
[[nodiscard]] std::string base64url(std::string_view octets);

/// `kInvalidInput` for padding, for the other alphabet and for what is no base64 at all.
[[nodiscard]] policy::Result<std::string> decode_base64url(std::string_view text);

/// A JSON Web Token (RFC 7519) taken apart; its signature is not checked.
struct JsonWebToken {
  boost::json::object header;
  boost::json::object claims;
  std::string signed_part;
  std::string signature;

  [[nodiscard]] static policy::Result<JsonWebToken> parse(std::string_view text);
};

/// The key that access tokens are signed with, made anew by each process.
class SigningKey {
 public:
  SigningKey();

  /// A whole token with these claims.
  [[nodiscard]] std::string sign(const boost::json::object& claims) const;

  [[nodiscard]] bool verifies(const JsonWebToken& token) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };

  std::unique_ptr<evp_pkey_st, Free> key_;
};

/// Whether one of these certificates (PEM) is the one that the token's header names by `x5t#S256`
/// or `x5t`, and its key made the signature (PS256 with a salt of 32 octets, or RS256).
[[nodiscard]] bool is_signed_by_one_of(const JsonWebToken& token,
                                       const std::vector<std::string>& certificates);

/// `kInvalidInput` for what is no PEM certificate.
[[nodiscard]] policy::Result<void> check_certificate(const std::string& pem);

}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace tests::microsoft {

/// An RSA key with a certificate that it signed itself, as an operator registers one.
class TestCertificate {
 public:
  TestCertificate();

  /// The certificate alone.
  [[nodiscard]] std::string pem() const;

  /// The private key.
  [[nodiscard]] std::string key_pem() const;

  /// An assertion with these claims, whose header names the certificate by `name` (`x5t#S256`,
  /// `x5t`). `PS256` and `RS256` are signed as they say, another `algorithm` as RS256.
  [[nodiscard]] std::string sign(const boost::json::object& claims,
                                 const std::string& algorithm,
                                 const std::string& name) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
    void operator()(x509_st* certificate) const;
  };

  std::unique_ptr<evp_pkey_st, Free> key_;
  std::unique_ptr<x509_st, Free> certificate_;
};

/// One for the whole process: a key takes its time.
[[nodiscard]] const TestCertificate& test_certificate();

}  // namespace tests::microsoft

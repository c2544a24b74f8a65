// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace tests {

enum class KeyKind : std::uint8_t { kRsa, kEllipticCurve };

/// What a certificate made for a test says.
struct CertificateRequest {
  std::string common_name = "fromguard test";
  std::vector<std::string> hosts = {};  ///< names or addresses that a server has
  std::chrono::hours begins{-1};        ///< from now
  std::chrono::hours ends{24};          ///< from now
  bool is_authority = false;
  KeyKind key = KeyKind::kRsa;
};

/// A certificate and its private key, in PEM.
struct Identity {
  std::string certificate;
  std::string key;

  /// Both, as a credential file holds them.
  [[nodiscard]] std::string both() const { return key + certificate; }
};

/// Makes a key and a certificate signed by itself. Throws std::runtime_error if OpenSSL refuses.
[[nodiscard]] Identity make_identity(const CertificateRequest& request);

/// Makes a key and a certificate signed by `authority`.
[[nodiscard]] Identity make_identity(const CertificateRequest& request, const Identity& authority);

/// The private key in PEM, encrypted with a passphrase.
[[nodiscard]] std::string encrypt_key(const Identity& identity);

/// Verifies the RSA-PSS signature (SHA-256, a salt of 32 octets) of `text` by a certificate in PEM.
[[nodiscard]] bool verifies_pss(const std::string& certificate,
                                const std::string& text,
                                const std::string& signature);

/// The SHA-256 of the certificate's DER, in octets.
[[nodiscard]] std::string certificate_digest(const std::string& certificate);

}  // namespace tests

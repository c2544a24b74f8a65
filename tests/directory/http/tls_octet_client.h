// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/directory/http/octet_client.h"

#include <memory>
#include <string>
#include <string_view>

namespace directory {

/// What a TLS client offers.
struct TlsOffer {
  int most_version = 0;        ///< as OpenSSL numbers them; 0 for the newest
  std::string protocols = {};  ///< ALPN, each with its length before it; empty for none
  std::string ciphers = {};    ///< of TLS 1.2, in OpenSSL's words; empty for its own
};

/// A connection over TLS of a client that believes every certificate. Blocks.
class TlsOctetClient {
 public:
  explicit TlsOctetClient(const std::string& address, const TlsOffer& offer = {});
  TlsOctetClient(const TlsOctetClient&) = delete;
  TlsOctetClient& operator=(const TlsOctetClient&) = delete;
  TlsOctetClient(TlsOctetClient&&) = delete;
  TlsOctetClient& operator=(TlsOctetClient&&) = delete;
  ~TlsOctetClient();

  /// Whether the handshake has gone well.
  [[nodiscard]] bool is_agreed() const;

  /// `TLSv1.3`
  [[nodiscard]] std::string version() const;

  /// What ALPN has chosen.
  [[nodiscard]] std::string protocol() const;

  /// The SHA-256 of the server's certificate, in octets.
  [[nodiscard]] std::string certificate_digest() const;

  /// How many certificates the server has sent.
  [[nodiscard]] int chain_length() const;

  void send(std::string_view octets) const;

  /// What comes until `end`, or until the server closes.
  [[nodiscard]] std::string read_until(std::string_view end) const;

  /// What comes until the server closes; whether it said so is in `ended_properly`.
  [[nodiscard]] std::string read_all() const { return read_until(""); }

  /// Whether the server has said that nothing more comes.
  [[nodiscard]] bool ended_properly() const;

  /// Asks for a new handshake in a connection of TLS 1.2; whether the server has agreed.
  [[nodiscard]] bool renegotiate() const;

 private:
  struct State;
  OctetClient socket_;
  std::unique_ptr<State> state_;
};

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/http/tls_files.h"
#include "policy/result.h"

#include <boost/system/error_code.hpp>

#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;  // NOLINT(readability-identifier-naming): Boost's name
}  // namespace boost::asio::ssl

namespace directory {

/// What people want to know of a server's certificate.
struct CertificateFacts {
  std::string subject;  ///< RFC 2253; hostile if the file is
  std::string expires;  ///< a day in UTC: 2027-01-31
  std::string warning;  ///< why clients may refuse it, soon or already; empty if they will not
};

/// How a server speaks TLS: version 1.2 at least, forward secrecy, no compression, no
/// renegotiation, HTTP/1.1 alone by ALPN. Never changes, so that connections may share it.
class TlsContext {
 public:
  /// Reads both files. `kNotFound` and `kDenied` as `read_private_file` says, `kInvalidInput` with
  /// what to do for what is no PEM, an encrypted key, and a key of another certificate.
  [[nodiscard]] static policy::Result<std::shared_ptr<TlsContext>> load(const TlsFiles& files);

  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  TlsContext(TlsContext&&) = delete;
  TlsContext& operator=(TlsContext&&) = delete;
  ~TlsContext();

  [[nodiscard]] const CertificateFacts& certificate() const { return facts_; }

  [[nodiscard]] boost::asio::ssl::context& native() { return *context_; }

 private:
  TlsContext(std::unique_ptr<boost::asio::ssl::context> context, CertificateFacts facts);

  std::unique_ptr<boost::asio::ssl::context> context_;
  CertificateFacts facts_;
};

/// Whether a handshake failed because the client spoke HTTP in clear.
[[nodiscard]] bool is_http_in_clear(const boost::system::error_code& error);

}  // namespace directory

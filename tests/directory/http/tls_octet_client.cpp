// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/http/tls_octet_client.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/types.h>
#include <openssl/x509.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace directory {
namespace {

struct FreeOpenSsl {
  void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }

  void operator()(SSL* connection) const { ::SSL_free(connection); }

  void operator()(X509* certificate) const { ::X509_free(certificate); }
};

}  // namespace

struct TlsOctetClient::State {
  std::unique_ptr<SSL_CTX, FreeOpenSsl> context{::SSL_CTX_new(::TLS_client_method())};
  std::unique_ptr<SSL, FreeOpenSsl> connection;
  bool is_agreed = false;
};

TlsOctetClient::TlsOctetClient(const std::string& address, const TlsOffer& offer)
    : socket_(address), state_(std::make_unique<State>()) {
  SSL_CTX* const context = state_->context.get();
  // Old versions need more than to be named.
  ::SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, offer.most_version);
  if (!offer.ciphers.empty()) {
    ::SSL_CTX_set_cipher_list(context, offer.ciphers.c_str());
  }
  state_->connection.reset(::SSL_new(context));
  SSL* const connection = state_->connection.get();
  if (!offer.protocols.empty()) {
    const auto* protocols = reinterpret_cast<const unsigned char*>(offer.protocols.data());
    ::SSL_set_alpn_protos(connection, protocols, static_cast<unsigned int>(offer.protocols.size()));
  }
  ::SSL_set_fd(connection, socket_.descriptor());
  state_->is_agreed = ::SSL_connect(connection) == 1;
}

TlsOctetClient::~TlsOctetClient() {
  ::ERR_clear_error();
}

bool TlsOctetClient::is_agreed() const {
  return state_->is_agreed;
}

std::string TlsOctetClient::version() const {
  return ::SSL_get_version(state_->connection.get());
}

std::string TlsOctetClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  ::SSL_get0_alpn_selected(state_->connection.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string TlsOctetClient::certificate_digest() const {
  const std::unique_ptr<X509, FreeOpenSsl> certificate{
      ::SSL_get1_peer_certificate(state_->connection.get())};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (certificate != nullptr) {
    ::X509_digest(certificate.get(), ::EVP_sha256(), digest.data(), &size);
  }
  return {reinterpret_cast<const char*>(digest.data()), size};
}

int TlsOctetClient::chain_length() const {
  return sk_X509_num(::SSL_get_peer_cert_chain(state_->connection.get()));
}

void TlsOctetClient::send(std::string_view octets) const {
  ::SSL_write(state_->connection.get(), octets.data(), static_cast<int>(octets.size()));
}

std::string TlsOctetClient::read_until(std::string_view end) const {
  std::string read;
  std::array<char, 4096> octets{};
  while (end.empty() || !read.ends_with(end)) {
    const int got =
        ::SSL_read(state_->connection.get(), octets.data(), static_cast<int>(octets.size()));
    if (got <= 0) {
      break;
    }
    read.append(octets.data(), static_cast<std::size_t>(got));
  }
  return read;
}

bool TlsOctetClient::ended_properly() const {
  return (::SSL_get_shutdown(state_->connection.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

bool TlsOctetClient::renegotiate() const {
  SSL* const connection = state_->connection.get();
  return ::SSL_renegotiate(connection) == 1 && ::SSL_do_handshake(connection) == 1;
}

}  // namespace directory

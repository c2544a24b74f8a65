// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/http/tls_context.h"

#include "directory/http/tls_files.h"
#include "directory/private_file.h"
#include "policy/result.h"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/error_code.hpp>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pemerr.h>
#include <openssl/prov_ssl.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/tls1.h>
#include <openssl/types.h>
#include <openssl/x509.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <ctime>
#include <expected>
#include <filesystem>
#include <fstream>
#include <ios>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace directory {
namespace {

namespace asio = boost::asio;
using policy::ErrorCode;
using policy::fail;
using policy::Result;

struct FreeOpenSsl {
  void operator()(BIO* memory) const { ::BIO_free_all(memory); }

  void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }

  void operator()(X509* certificate) const { ::X509_free(certificate); }
};

using Memory = std::unique_ptr<BIO, FreeOpenSsl>;
using Key = std::unique_ptr<EVP_PKEY, FreeOpenSsl>;
using Certificate = std::unique_ptr<X509, FreeOpenSsl>;

constexpr std::string_view kProtocol = "\x08http/1.1";  // as ALPN has it: length, name
constexpr const char* kCiphersOf12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::time_t kSoon = std::time_t{14} * 24 * 3600;

// Takes the oldest of OpenSSL's complaints and forgets the others.
std::string reason() {
  const char* text = ::ERR_reason_error_string(::ERR_peek_error());
  std::string said = text == nullptr ? "OpenSSL does not say why" : text;
  ::ERR_clear_error();
  return said;
}

Memory reader_of(const std::string& pem) {
  return Memory{::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

// A passphrase would have to lie in another file beside the key.
int refuse_passphrase(char* /*buffer*/, int /*size*/, int /*is_writing*/, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return 0;
}

Result<std::string> read_public_file(const std::filesystem::path& path) {
  constexpr std::streamsize kMostOctets = std::streamsize{1024} * 1024;
  std::error_code error;
  const auto kind = std::filesystem::status(path, error).type();
  if (kind == std::filesystem::file_type::not_found) {
    return fail(ErrorCode::kNotFound, "cannot read " + path.native() + ": it is not there");
  }
  if (!error && kind != std::filesystem::file_type::regular) {
    return fail(ErrorCode::kInvalidInput, path.native() + " is no ordinary file");
  }
  std::ifstream file{path, std::ios::binary};
  if (!file.is_open()) {
    return fail(ErrorCode::kDenied,
                "cannot read " + path.native() + ": " + std::generic_category().message(errno));
  }
  std::string text(static_cast<std::size_t>(kMostOctets), '\0');
  file.read(text.data(), kMostOctets);
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Result<std::vector<Certificate>> read_chain(const std::filesystem::path& path) {
  const auto pem = read_public_file(path);
  if (!pem.has_value()) {
    return std::unexpected{pem.error()};
  }
  std::vector<Certificate> chain;
  const Memory reader = reader_of(*pem);
  while (Certificate certificate{::PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)}) {
    chain.push_back(std::move(certificate));
  }
  const bool is_at_end = ERR_GET_REASON(::ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string why = reason();
  if (chain.empty() || !is_at_end) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} holds no certificate in PEM ({}); write the server's certificate "
                            "there, and after it those of the authorities between",
                            path.native(),
                            why));
  }
  return chain;
}

Result<Key> read_key(const std::filesystem::path& path) {
  const auto pem = read_private_file(path);
  if (!pem.has_value()) {
    return std::unexpected{pem.error()};
  }
  bool was_asked = false;
  Key key{::PEM_read_bio_PrivateKey(reader_of(*pem).get(), nullptr, refuse_passphrase, &was_asked)};
  const std::string why = reason();
  if (was_asked) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the private key in {} is encrypted; write it without a passphrase: "
                            "openssl pkey -in OLD -out {}",
                            path.native(),
                            path.native()));
  }
  if (key == nullptr) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} holds no private key in PEM ({})", path.native(), why));
  }
  return key;
}

std::string subject_of(const X509& certificate) {
  const Memory memory{::BIO_new(::BIO_s_mem())};
  ::X509_NAME_print_ex(memory.get(), ::X509_get_subject_name(&certificate), 0, XN_FLAG_RFC2253);
  std::array<char, 512> text{};
  const int count = ::BIO_read(memory.get(), text.data(), static_cast<int>(text.size()));
  return {text.data(), static_cast<std::size_t>(count < 0 ? 0 : count)};
}

std::string day_of(const ASN1_TIME& time) {
  constexpr int kFirstYear = 1900;
  std::tm parts{};
  static_cast<void>(::ASN1_TIME_to_tm(&time, &parts));
  return fmt::format(
      "{:04}-{:02}-{:02}", parts.tm_year + kFirstYear, parts.tm_mon + 1, parts.tm_mday);
}

CertificateFacts facts_of(const X509& certificate) {
  const ASN1_TIME& begin = *::X509_get0_notBefore(&certificate);
  const ASN1_TIME& end = *::X509_get0_notAfter(&certificate);
  CertificateFacts facts{.subject = subject_of(certificate), .expires = day_of(end), .warning = ""};
  std::time_t soon = std::time(nullptr) + kSoon;
  if (::X509_cmp_current_time(&end) < 0) {
    facts.warning = "the certificate has expired on " + facts.expires + "; clients refuse it";
  } else if (::X509_cmp_current_time(&begin) > 0) {
    facts.warning =
        "the certificate is not valid before " + day_of(begin) + "; until then clients refuse it";
  } else if (::X509_cmp_time(&end, &soon) < 0) {
    facts.warning = "the certificate expires on " + facts.expires + "; renew it";
  }
  return facts;
}

// NOLINTNEXTLINE(readability-function-size): OpenSSL has this signature.
int choose_protocol(SSL* /*connection*/,
                    const unsigned char** chosen,
                    unsigned char* chosen_size,
                    const unsigned char* offered,
                    unsigned int offered_size,
                    void* /*argument*/) {
  const auto* ours = reinterpret_cast<const unsigned char*>(kProtocol.data());
  unsigned char* found = nullptr;
  if (::SSL_select_next_proto(&found, chosen_size, ours, kProtocol.size(), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

bool restrict_protocol(SSL_CTX* context) {
  ::SSL_CTX_set_options(context,
                        SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                            SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // Sessions are kept by the clients, in tickets, and nowhere else.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
         ::SSL_CTX_set_cipher_list(context, kCiphersOf12) == 1;
}

bool take_identity(SSL_CTX* context, const std::vector<Certificate>& chain, EVP_PKEY* key) {
  bool is_good = ::SSL_CTX_use_certificate(context, chain.front().get()) == 1 &&
                 ::SSL_CTX_use_PrivateKey(context, key) == 1;
  for (std::size_t i = 1; i < chain.size(); ++i) {
    is_good = is_good && SSL_CTX_add1_chain_cert(context, chain[i].get()) == 1;
  }
  return is_good;
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::load(const TlsFiles& files) {
  ::ERR_clear_error();
  const auto chain = read_chain(files.certificate);
  if (!chain.has_value()) {
    return std::unexpected{chain.error()};
  }
  const auto key = read_key(files.key);
  if (!key.has_value()) {
    return std::unexpected{key.error()};
  }
  if (::X509_check_private_key(chain->front().get(), key->get()) != 1) {
    ::ERR_clear_error();
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the private key in {} is not that of the first certificate in {}",
                            files.key.native(),
                            files.certificate.native()));
  }
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  if (!restrict_protocol(context->native_handle()) ||
      !take_identity(context->native_handle(), *chain, key->get())) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("OpenSSL does not take the certificate in {}: {}",
                            files.certificate.native(),
                            reason()));
  }
  return std::shared_ptr<TlsContext>{new TlsContext{std::move(context), facts_of(*chain->front())}};
}

TlsContext::TlsContext(std::unique_ptr<asio::ssl::context> context, CertificateFacts facts)
    : context_(std::move(context)), facts_(std::move(facts)) {}

TlsContext::~TlsContext() = default;

bool is_http_in_clear(const boost::system::error_code& error) {
  return error.category() == asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_HTTP_REQUEST;
}

}  // namespace directory

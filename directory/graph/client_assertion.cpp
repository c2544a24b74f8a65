// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/client_assertion.h"

#include "directory/private_file.h"
#include "policy/base64.h"
#include "policy/result.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/types.h>
#include <openssl/x509.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <time.h>  // NOLINT(modernize-deprecated-headers): timegm is no C++

namespace directory {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr auto kLifetime = std::chrono::minutes{10};

struct FreeOpenSsl {
  void operator()(BIO* memory) const { ::BIO_free_all(memory); }

  void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }

  void operator()(X509* certificate) const { ::X509_free(certificate); }

  void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
};

using Memory = std::unique_ptr<BIO, FreeOpenSsl>;
using Key = std::unique_ptr<EVP_PKEY, FreeOpenSsl>;
using Certificate = std::unique_ptr<X509, FreeOpenSsl>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeOpenSsl>;

std::unexpected<policy::Error> refuse(const std::filesystem::path& file, std::string_view why) {
  ::ERR_clear_error();
  return fail(ErrorCode::kInvalidInput, fmt::format("{}: {}", file.native(), why));
}

// OpenSSL would ask for a passphrase on the terminal.
int refuse_passphrase(char* /*buffer*/, int /*size*/, int /*is_writing*/, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

Memory reader_of(const std::string& pem) {
  return Memory{::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

Result<Key> read_key(const std::filesystem::path& file, const std::string& pem) {
  bool was_asked = false;
  Key key{::PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, refuse_passphrase, &was_asked)};
  if (key == nullptr && was_asked) {
    return refuse(file, "the private key is encrypted; store it without a passphrase, mode 0600");
  }
  if (key == nullptr) {
    return refuse(file, "there is no private key; the file must hold key and certificate in PEM");
  }
  if (::EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    return refuse(file, "the private key is not RSA, which Microsoft asks for; make an RSA key");
  }
  return key;
}

// The certificate of the key; authorities may stand beside it.
Result<Certificate> read_certificate(const std::filesystem::path& file,
                                     const std::string& pem,
                                     EVP_PKEY* key) {
  const Memory reader = reader_of(pem);
  bool is_there = false;
  while (Certificate certificate{::PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)}) {
    is_there = true;
    if (::X509_check_private_key(certificate.get(), key) == 1) {
      ::ERR_clear_error();
      return certificate;
    }
  }
  return refuse(file,
                is_there
                    ? "the private key does not fit the certificate"
                    : "there is no certificate; the file must hold key and certificate in PEM");
}

std::chrono::system_clock::time_point time_of(const ASN1_TIME* time) {
  tm parts{};
  ::ASN1_TIME_to_tm(time, &parts);
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::string date_of(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

Result<void> check_validity(const std::filesystem::path& file,
                            const X509* certificate,
                            std::chrono::system_clock::time_point now) {
  const auto begins = time_of(::X509_get0_notBefore(certificate));
  const auto ends = time_of(::X509_get0_notAfter(certificate));
  if (now >= ends) {
    return refuse(file,
                  fmt::format("the certificate expired on {}; make a new one, upload it to the "
                              "application in Entra and put it here",
                              date_of(ends)));
  }
  if (now < begins) {
    return refuse(
        file,
        fmt::format("the certificate is not valid before {}; look at this machine's clock",
                    date_of(begins)));
  }
  return {};
}

Result<std::string> thumbprint(const std::filesystem::path& file, const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
  unsigned size = 0;
  if (::X509_digest(certificate, ::EVP_sha256(), octets.data(), &size) != 1) {
    return refuse(file, "OpenSSL cannot digest the certificate");
  }
  return policy::encode_base64url({reinterpret_cast<const char*>(octets.data()), size});
}

// RSASSA-PSS with SHA-256 and a salt as long as the digest (RFC 7518, 3.5).
Result<std::string> sign(const std::filesystem::path& file, EVP_PKEY* key, std::string_view text) {
  const DigestContext context{::EVP_MD_CTX_new()};
  EVP_PKEY_CTX* parameters = nullptr;  // of the context
  std::size_t size = 0;
  const auto* octets = reinterpret_cast<const unsigned char*>(text.data());
  const bool is_ready =
      context != nullptr &&
      ::EVP_DigestSignInit(context.get(), &parameters, ::EVP_sha256(), nullptr, key) == 1 &&
      ::EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
      ::EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1 &&
      ::EVP_DigestSign(context.get(), nullptr, &size, octets, text.size()) == 1;
  std::vector<unsigned char> signature(size);
  if (!is_ready ||
      ::EVP_DigestSign(context.get(), signature.data(), &size, octets, text.size()) != 1) {
    return refuse(file, "OpenSSL cannot sign with the private key");
  }
  return policy::encode_base64url({reinterpret_cast<const char*>(signature.data()), size});
}

std::string encode_claims(const AssertionClaims& claims) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(claims.now.time_since_epoch());
  const std::int64_t issued = now.count();
  const boost::json::object object{{"aud", claims.audience},
                                   {"iss", claims.client_id},
                                   {"sub", claims.client_id},
                                   {"jti", claims.id},
                                   {"nbf", issued},
                                   {"iat", issued},
                                   {"exp", issued + std::chrono::seconds{kLifetime}.count()}};
  return policy::encode_base64url(boost::json::serialize(object));
}

}  // namespace

Result<std::string> make_client_assertion(const std::filesystem::path& pem_file,
                                          const AssertionClaims& claims) {
  const auto pem = read_private_file(pem_file);
  if (!pem.has_value()) {
    return std::unexpected{pem.error()};
  }
  const auto key = read_key(pem_file, *pem);
  if (!key.has_value()) {
    return std::unexpected{key.error()};
  }
  const auto certificate = read_certificate(pem_file, *pem, key->get());
  if (!certificate.has_value()) {
    return std::unexpected{certificate.error()};
  }
  if (auto valid = check_validity(pem_file, certificate->get(), claims.now); !valid.has_value()) {
    return std::unexpected{std::move(valid).error()};
  }
  const auto print = thumbprint(pem_file, certificate->get());
  if (!print.has_value()) {
    return std::unexpected{print.error()};
  }
  const boost::json::object header{{"alg", "PS256"}, {"typ", "JWT"}, {"x5t#S256", *print}};
  std::string assertion = policy::encode_base64url(boost::json::serialize(header));
  assertion += '.' + encode_claims(claims);
  const auto signature = sign(pem_file, key->get(), assertion);
  if (!signature.has_value()) {
    return std::unexpected{signature.error()};
  }
  return assertion + '.' + *signature;
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/test_certificate.h"

#include "tests/support/microsoft/json_web_token.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/types.h>
#include <openssl/x509.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace tests::microsoft {
namespace {

struct FreeBio {
  void operator()(BIO* file) const { BIO_free(file); }
};

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

template <typename Write>
std::string written(Write write) {
  const std::unique_ptr<BIO, FreeBio> file{BIO_new(BIO_s_mem())};
  write(file.get());
  char* text = nullptr;
  const long size = BIO_get_mem_data(file.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

void TestCertificate::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

void TestCertificate::Free::operator()(x509_st* certificate) const {
  X509_free(certificate);
}

TestCertificate::TestCertificate()
    : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})),
      certificate_(X509_new()) {
  constexpr long kDay = 86400;
  X509* certificate = certificate_.get();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), kDay);
  X509_set_pubkey(certificate, key_.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  const std::array<unsigned char, 10> common{"127.0.0.1"};
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common.data(), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key_.get(), EVP_sha256());
}

std::string TestCertificate::pem() const {
  return written([this](BIO* file) { PEM_write_bio_X509(file, certificate_.get()); });
}

std::string TestCertificate::key_pem() const {
  return written([this](BIO* file) {
    PEM_write_bio_PrivateKey(file, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string TestCertificate::sign(const boost::json::object& claims,
                                  const std::string& algorithm,
                                  const std::string& name) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned digest_size = 0;
  X509_digest(
      certificate_.get(), name == "x5t" ? EVP_sha1() : EVP_sha256(), digest.data(), &digest_size);
  boost::json::object header;
  header["alg"] = algorithm;
  header["typ"] = "JWT";
  header[name] = base64url({reinterpret_cast<const char*>(digest.data()), digest_size});
  const std::string text =
      base64url(boost::json::serialize(header)) + '.' + base64url(boost::json::serialize(claims));
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* options = nullptr;
  EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, key_.get());
  if (algorithm == "PS256") {
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
  }
  std::array<unsigned char, 512> signature{};
  std::size_t size = signature.size();
  EVP_DigestSign(context.get(),
                 signature.data(),
                 &size,
                 reinterpret_cast<const unsigned char*>(text.data()),
                 text.size());
  return text + '.' + base64url({reinterpret_cast<const char*>(signature.data()), size});
}

const TestCertificate& test_certificate() {
  static const TestCertificate certificate;
  return certificate;
}

}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_certificates.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <arpa/inet.h>

namespace tests {
namespace {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;

void require(bool is_good, std::string_view doing) {
  if (!is_good) {
    throw std::runtime_error{"OpenSSL cannot " + std::string{doing}};
  }
}

Memory reader_of(const std::string& pem) {
  return Memory{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_ctrl(memory, BIO_CTRL_INFO, 0, static_cast<void*>(&data));
  return {data, static_cast<std::size_t>(size)};
}

Key read_key(const std::string& pem) {
  return Key{PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, nullptr, nullptr)};
}

Certificate read_certificate(const std::string& pem) {
  return Certificate{PEM_read_bio_X509(reader_of(pem).get(), nullptr, nullptr, nullptr)};
}

Key make_key(KeyKind kind) {
  return Key{kind == KeyKind::kRsa ? EVP_RSA_gen(2048)
                                   : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  const Extension extension{X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str())};
  require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1,
          "add an extension");
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> octets{};
  return inet_pton(AF_INET, host.c_str(), octets.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), octets.data()) == 1;
}

std::string host_list(const CertificateRequest& request) {
  std::string list;
  for (const std::string& host : request.hosts) {
    list += list.empty() ? "" : ",";
    list += (is_address(host) ? "IP:" : "DNS:") + host;
  }
  return list;
}

void set_time(ASN1_TIME* time, std::chrono::hours from_now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(from_now);
  require(X509_gmtime_adj(time, seconds.count()) != nullptr, "set a time");
}

Identity make_signed(const CertificateRequest& request, const Identity* authority) {
  static std::atomic<long> serial{1};
  const Key key = make_key(request.key);
  const Certificate certificate{X509_new()};
  require(key != nullptr && certificate != nullptr, "make a key");
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  set_time(X509_getm_notBefore(certificate.get()), request.begins);
  set_time(X509_getm_notAfter(certificate.get()), request.ends);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name,
                             "CN",
                             MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(request.common_name.c_str()),
                             -1,
                             -1,
                             0);
  add_extension(certificate.get(),
                NID_basic_constraints,
                request.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!request.hosts.empty()) {
    add_extension(certificate.get(), NID_subject_alt_name, host_list(request));
  }
  const Certificate issuer =
      authority == nullptr ? nullptr : read_certificate(authority->certificate);
  const Key issuer_key = authority == nullptr ? nullptr : read_key(authority->key);
  X509_set_issuer_name(certificate.get(), issuer ? X509_get_subject_name(issuer.get()) : name);
  require(X509_sign(certificate.get(), issuer_key ? issuer_key.get() : key.get(), EVP_sha256()) > 0,
          "sign a certificate");
  const Memory certificate_pem{BIO_new(BIO_s_mem())};
  const Memory key_pem{BIO_new(BIO_s_mem())};
  require(PEM_write_bio_X509(certificate_pem.get(), certificate.get()) == 1 &&
              PEM_write_bio_PrivateKey(
                  key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "write PEM");
  return {.certificate = text_of(certificate_pem.get()), .key = text_of(key_pem.get())};
}

}  // namespace

Identity make_identity(const CertificateRequest& request) {
  return make_signed(request, nullptr);
}

Identity make_identity(const CertificateRequest& request, const Identity& authority) {
  return make_signed(request, &authority);
}

std::string encrypt_key(const Identity& identity) {
  const Memory pem{BIO_new(BIO_s_mem())};
  const Key key = read_key(identity.key);
  const std::string passphrase = "passphrase";
  require(PEM_write_bio_PKCS8PrivateKey(pem.get(),
                                        key.get(),
                                        EVP_aes_128_cbc(),
                                        passphrase.data(),
                                        static_cast<int>(passphrase.size()),
                                        nullptr,
                                        nullptr) == 1,
          "encrypt a key");
  return text_of(pem.get());
}

bool verifies_pss(const std::string& certificate,
                  const std::string& text,
                  const std::string& signature) {
  const Certificate parsed = read_certificate(certificate);
  const Digest digest{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* parameters = nullptr;
  return EVP_DigestVerifyInit(
             digest.get(), &parameters, EVP_sha256(), nullptr, X509_get0_pubkey(parsed.get())) ==
             1 &&
         EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, 32) == 1 &&
         EVP_DigestVerify(digest.get(),
                          reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(),
                          reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

std::string certificate_digest(const std::string& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
  unsigned size = 0;
  require(X509_digest(read_certificate(certificate).get(), EVP_sha256(), octets.data(), &size) == 1,
          "digest a certificate");
  return {reinterpret_cast<const char*>(octets.data()), size};
}

}  // namespace tests

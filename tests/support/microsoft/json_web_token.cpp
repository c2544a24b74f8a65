// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/json_web_token.h"

#include "policy/base64.h"
#include "policy/result.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/types.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <expected>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

namespace json = boost::json;

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

using Context = std::unique_ptr<EVP_MD_CTX, Free<&EVP_MD_CTX_free>>;
using Certificate = std::unique_ptr<X509, Free<&X509_free>>;

const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

policy::Result<json::object> parse_part(std::string_view part) {
  const auto text = decode_base64url(part);
  if (!text.has_value()) {
    return std::unexpected{text.error()};
  }
  boost::system::error_code error;
  json::value value = json::parse(*text, error);
  if (error || !value.is_object()) {
    return policy::fail(policy::ErrorCode::kInvalidInput, "a part of the token is no JSON object");
  }
  return std::move(value.as_object());
}

Certificate read_certificate(const std::string& pem) {
  const std::unique_ptr<BIO, Free<&BIO_free>> file{
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  return Certificate{PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr)};
}

std::string thumbprint(const X509& certificate, const EVP_MD* digest) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
  unsigned size = 0;
  X509_digest(&certificate, digest, octets.data(), &size);
  return base64url({reinterpret_cast<const char*>(octets.data()), size});
}

bool is_named(const json::object& header, const X509& certificate) {
  const json::value* strong = header.if_contains("x5t#S256");
  const json::value* name = strong != nullptr ? strong : header.if_contains("x5t");
  const EVP_MD* digest = strong != nullptr ? EVP_sha256() : EVP_sha1();
  return name != nullptr && name->is_string() &&
         std::string_view{name->get_string().data(), name->get_string().size()} ==
             thumbprint(certificate, digest);
}

bool verifies(const JsonWebToken& token, EVP_PKEY* key) {
  const json::value* algorithm = token.header.if_contains("alg");
  const bool is_pss = algorithm != nullptr && *algorithm == "PS256";
  const bool is_known = is_pss || (algorithm != nullptr && *algorithm == "RS256");
  if (!is_known || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) {
    return false;
  }
  const Context context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* options = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &options, EVP_sha256(), nullptr, key) != 1) {
    return false;
  }
  if (is_pss && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
                 EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(context.get(),
                          octets_of(token.signature),
                          token.signature.size(),
                          octets_of(token.signed_part),
                          token.signed_part.size()) == 1;
}

}  // namespace

std::string base64url(std::string_view octets) {
  std::string text(((octets.size() + 2) / 3 * 4) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   octets_of(octets),
                                   static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  while (text.ends_with('=')) {
    text.pop_back();
  }
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

policy::Result<std::string> decode_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) {
    return policy::fail(policy::ErrorCode::kInvalidInput, "this is no base64url without padding");
  }
  std::string ordinary{text};
  std::ranges::replace(ordinary, '-', '+');
  std::ranges::replace(ordinary, '_', '/');
  ordinary.append((4 - (ordinary.size() % 4)) % 4, '=');
  return policy::decode_base64(ordinary);
}

policy::Result<JsonWebToken> JsonWebToken::parse(std::string_view text) {
  const std::size_t first = text.find('.');
  const std::size_t last = text.rfind('.');
  if (first == last || text.find('.', first + 1) != last) {
    return policy::fail(policy::ErrorCode::kInvalidInput, "a token has three parts");
  }
  auto header = parse_part(text.substr(0, first));
  auto claims = parse_part(text.substr(first + 1, last - first - 1));
  auto signature = decode_base64url(text.substr(last + 1));
  if (!header.has_value() || !claims.has_value() || !signature.has_value()) {
    return policy::fail(policy::ErrorCode::kInvalidInput, "a part of the token cannot be read");
  }
  return JsonWebToken{.header = std::move(*header),
                      .claims = std::move(*claims),
                      .signed_part = std::string{text.substr(0, last)},
                      .signature = std::move(*signature)};
}

void SigningKey::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

SigningKey::SigningKey() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")) {
  if (key_ == nullptr) {
    throw std::runtime_error{"cannot make a key"};
  }
}

std::string SigningKey::sign(const json::object& claims) const {
  const json::object header{{"typ", "JWT"}, {"alg", "EdDSA"}};
  std::string text = base64url(json::serialize(header));
  text += '.';
  text += base64url(json::serialize(claims));
  std::string signature(64, '\0');
  std::size_t size = signature.size();
  const Context context{EVP_MD_CTX_new()};
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(),
                     reinterpret_cast<unsigned char*>(signature.data()),
                     &size,
                     octets_of(text),
                     text.size()) != 1) {
    throw std::runtime_error{"cannot sign a token"};
  }
  return text + '.' + base64url(signature);
}

bool SigningKey::verifies(const JsonWebToken& token) const {
  const Context context{EVP_MD_CTX_new()};
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(),
                          octets_of(token.signature),
                          token.signature.size(),
                          octets_of(token.signed_part),
                          token.signed_part.size()) == 1;
}

bool is_signed_by_one_of(const JsonWebToken& token, const std::vector<std::string>& certificates) {
  return std::ranges::any_of(certificates, [&](const std::string& pem) {
    const Certificate certificate = read_certificate(pem);
    return certificate != nullptr && is_named(token.header, *certificate) &&
           verifies(token, X509_get0_pubkey(certificate.get()));
  });
}

policy::Result<void> check_certificate(const std::string& pem) {
  if (read_certificate(pem) == nullptr) {
    return policy::fail(policy::ErrorCode::kInvalidInput, "this is no PEM certificate");
  }
  return {};
}

}  // namespace tests::microsoft

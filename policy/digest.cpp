// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/digest.h"

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <iterator>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace policy {
namespace {

// SHA-256 of OpenSSL's default provider fails for want of memory only.
void require(bool succeeded) {
  if (!succeeded) {
    throw std::bad_alloc{};
  }
}

}  // namespace

void Sha256::FreeContext::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  require(context_ != nullptr && EVP_DigestInit_ex2(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Sha256::update(std::string_view octets) {
  require(EVP_DigestUpdate(context_.get(), octets.data(), octets.size()) == 1);
}

std::string Sha256::hex() const {
  const std::unique_ptr<evp_md_ctx_st, FreeContext> copy{EVP_MD_CTX_new()};
  require(copy != nullptr && EVP_MD_CTX_copy_ex(copy.get(), context_.get()) == 1);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(copy.get(), digest.data(), &size) == 1);
  std::string hex;
  hex.reserve(std::size_t{2} * size);
  for (const unsigned char octet : std::span{digest}.first(size)) {
    fmt::format_to(std::back_inserter(hex), "{:02x}", octet);
  }
  return hex;
}

std::string sha256_hex(std::string_view octets) {
  Sha256 sha256;
  sha256.update(octets);
  return sha256.hex();
}

}  // namespace policy

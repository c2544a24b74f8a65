// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/secrets.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sodium/core.h>
#include <sodium/crypto_generichash.h>
#include <sodium/crypto_pwhash.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>

namespace directory {
namespace {

constexpr std::size_t kSecretOctets = 32;
constexpr std::size_t kIdOctets = 8;
constexpr int kEncoding = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

void require_sodium() {
  static const bool is_ready = sodium_init() >= 0;
  if (!is_ready) {
    std::abort();
  }
}

std::string hexadecimal(std::span<const unsigned char> octets) {
  std::string text(octets.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), octets.data(), octets.size());
  text.pop_back();
  return text;
}

// libsodium takes hashes in a field of this size.
std::optional<std::array<char, crypto_pwhash_STRBYTES>> padded(const std::string& hash) {
  std::array<char, crypto_pwhash_STRBYTES> field{};
  if (hash.size() >= field.size()) {
    return std::nullopt;
  }
  hash.copy(field.data(), hash.size());
  return field;
}

}  // namespace

std::string random_secret() {
  require_sodium();
  std::array<unsigned char, kSecretOctets> octets{};
  randombytes_buf(octets.data(), octets.size());
  std::string text(sodium_base64_ENCODED_LEN(kSecretOctets, kEncoding), '\0');
  sodium_bin2base64(text.data(), text.size(), octets.data(), octets.size(), kEncoding);
  sodium_memzero(octets.data(), octets.size());
  text.pop_back();
  return text;
}

std::string random_id() {
  require_sodium();
  std::array<unsigned char, kIdOctets> octets{};
  randombytes_buf(octets.data(), octets.size());
  return hexadecimal(octets);
}

std::string digest_of_secret(std::string_view secret) {
  require_sodium();
  const std::vector<unsigned char> message(secret.begin(), secret.end());
  std::array<unsigned char, crypto_generichash_BYTES> digest{};
  crypto_generichash(digest.data(), digest.size(), message.data(), message.size(), nullptr, 0);
  return hexadecimal(digest);
}

bool is_same_secret(std::string_view left, std::string_view right) {
  require_sodium();
  return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::optional<std::string> hash_password(std::string_view password, const PasswordCost& cost) {
  require_sodium();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(),
                            password.data(),
                            password.size(),
                            cost.passes,
                            cost.memory_octets,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return std::nullopt;
  }
  return std::string{hash.data()};
}

std::optional<bool> verify_password(const std::string& hash, std::string_view password) {
  require_sodium();
  const auto field = padded(hash);
  if (!field.has_value()) {
    return false;
  }
  errno = 0;
  if (crypto_pwhash_str_verify(field->data(), password.data(), password.size()) == 0) {
    return true;
  }
  // libsodium sets EINVAL where it has compared.
  return errno == EINVAL ? std::optional{false} : std::nullopt;
}

bool is_password_hash(const std::string& hash) {
  require_sodium();
  const auto field = padded(hash);
  return field.has_value() && hash.starts_with(crypto_pwhash_STRPREFIX) &&
         crypto_pwhash_str_needs_rehash(
             field->data(), crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN) >= 0;
}

bool needs_rehash(const std::string& hash, const PasswordCost& cost) {
  require_sodium();
  const auto field = padded(hash);
  return field.has_value() &&
         crypto_pwhash_str_needs_rehash(field->data(), cost.passes, cost.memory_octets) != 0;
}

void wipe(std::string& text) {
  require_sodium();
  sodium_memzero(text.data(), text.size());
  text.clear();
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstddef>
#include <new>
#include <string>
#include <string_view>

namespace policy {

std::string hmac_sha256(std::string_view key, std::string_view octets) {
  constexpr std::size_t kOctets = 32;
  std::string code(kOctets, '\0');
  unsigned size = 0;
  const unsigned char* const made = HMAC(EVP_sha256(),
                                         key.data(),
                                         static_cast<int>(key.size()),
                                         reinterpret_cast<const unsigned char*>(octets.data()),
                                         octets.size(),
                                         reinterpret_cast<unsigned char*>(code.data()),
                                         &size);
  if (made == nullptr || size != kOctets) {
    throw std::bad_alloc{};  // the one way in which it fails
  }
  return code;
}

}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/base64.h"

#include "policy/result.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

namespace policy {
namespace {

std::size_t padding_of(std::string_view text) {
  if (text.ends_with("==")) {
    return 2;
  }
  return text.ends_with('=') ? 1 : 0;
}

}  // namespace

Result<std::string> decode_base64(std::string_view text) {
  // OpenSSL skips white space at the ends, which would leave its zero octets in the result.
  const bool has_space = std::ranges::any_of(text, [](char c) { return c <= ' '; });
  if (text.size() % 4 != 0 || has_space ||
      text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return fail(ErrorCode::kInvalidInput, "this is no base64 with padding");
  }
  std::string octets(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) {
    return fail(ErrorCode::kInvalidInput, "this is no base64 with padding");
  }
  octets.resize(static_cast<std::size_t>(size) - padding_of(text));
  return octets;
}

std::string encode_base64(std::string_view octets) {
  std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');  // it writes a zero at the end
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(octets.data()),
                                   static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string encode_base64url(std::string_view octets) {
  std::string text = encode_base64(octets);
  text.resize(text.size() - padding_of(text));
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

Result<std::string> decode_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos || text.size() % 4 == 1) {
    return fail(ErrorCode::kInvalidInput, "this is no base64 for URLs");
  }
  std::string padded{text};
  std::ranges::replace(padded, '-', '+');
  std::ranges::replace(padded, '_', '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  return decode_base64(padded);
}

}  // namespace policy

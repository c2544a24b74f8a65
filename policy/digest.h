// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace policy {

/// SHA-256 (FIPS 180-4) of text that arrives in pieces.
class Sha256 {
 public:
  Sha256();

  void update(std::string_view octets);

  /// The digest of all that was given so far, as 64 lower-case hexadecimal digits. More may be
  /// added after it.
  [[nodiscard]] std::string hex() const;

 private:
  struct FreeContext {
    void operator()(evp_md_ctx_st* context) const;
  };

  std::unique_ptr<evp_md_ctx_st, FreeContext> context_;
};

/// The SHA-256 of `octets` as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view octets);

}  // namespace policy

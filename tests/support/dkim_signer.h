// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// A key pair for DKIM.
struct DkimKeyPair {
  bool is_rsa = true;
  std::string private_key;  ///< PEM
  std::string record;       ///< for DNS
};

/// A fresh key of this many bits. Throws std::runtime_error where none can be made.
[[nodiscard]] DkimKeyPair make_rsa_key(unsigned bits = 2048);
[[nodiscard]] DkimKeyPair make_ed25519_key();

/// How a message is signed.
struct DkimSigning {
  std::string domain;
  std::string selector = "s1";
  bool relaxed_header = true;
  bool relaxed_body = true;
  bool use_sha1 = false;
  std::optional<std::uint64_t> body_length = std::nullopt;      ///< l=: only so much is signed
  std::optional<std::chrono::seconds> lifetime = std::nullopt;  ///< x= after t=
  std::optional<std::chrono::system_clock::time_point> signed_at = std::nullopt;  ///< t=, else now
};

/// The value of the DKIM-Signature field, all after the colon, for these fields (name, colon,
/// value) and body with CRLF line ends. Throws std::runtime_error where the library refuses.
[[nodiscard]] std::string dkim_signature(const DkimKeyPair& key,
                                         const DkimSigning& signing,
                                         const std::vector<std::string>& fields,
                                         std::string_view body);

}  // namespace tests

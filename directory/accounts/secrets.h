// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace directory {

// All cryptography of accounts, by libsodium. Thread-safe. The program ends if the system gives no
// random numbers.

/// What it costs to hash a password with Argon2id.
struct PasswordCost {
  std::uint64_t passes = 2;                                     ///< over the memory, 1 or more
  std::size_t memory_octets = std::size_t{64} * 1024U * 1024U;  ///< 8 KiB or more
};

/// A new secret of 256 bits: 43 characters of base64url (RFC 4648, section 5).
[[nodiscard]] std::string random_secret();

/// A name for a thing that nobody can guess, and nobody needs to: 16 hexadecimal digits.
[[nodiscard]] std::string random_id();

/// What is kept of a secret, BLAKE2b-256 in hexadecimal digits. For secrets of 256 random bits
/// alone: passwords are hashed with `hash_password`.
[[nodiscard]] std::string digest_of_secret(std::string_view secret);

/// Whether both are the same, in a time that depends on their sizes alone.
[[nodiscard]] bool is_same_secret(std::string_view left, std::string_view right);

/// The Argon2id hash of a password with its salt and cost, as text; nothing if there is not enough
/// memory.
[[nodiscard]] std::optional<std::string> hash_password(std::string_view password,
                                                       const PasswordCost& cost);

/// Whether this is the password of the hash; nothing if there is not enough memory to know.
[[nodiscard]] std::optional<bool> verify_password(const std::string& hash,
                                                  std::string_view password);

/// Whether the text is an Argon2id hash of whatever cost.
[[nodiscard]] bool is_password_hash(const std::string& hash);

/// Whether the hash was made at another cost.
[[nodiscard]] bool needs_rehash(const std::string& hash, const PasswordCost& cost);

/// Overwrites the text and empties it.
void wipe(std::string& text);

}  // namespace directory

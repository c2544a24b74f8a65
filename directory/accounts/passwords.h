// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/secrets.h"
#include "directory/task.h"
#include "policy/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace directory {

/// The rules for a new password: valid UTF-8, at least 12 characters, at most 1024 octets, and not
/// the name of its account. `kInvalidInput` says what to do.
[[nodiscard]] policy::Result<void> check_new_password(std::string_view password,
                                                      std::string_view account);

/// Octets of the longest password.
inline constexpr std::size_t kMostPasswordOctets = 1024;

/// Hashes and verifies passwords on a thread of its own, one after the other: the memory that this
/// takes is bounded. To be used on one thread, whose executor the coroutines come back to. An
/// executor that runs on after the end is harmless.
class Passwords {
 public:
  static constexpr std::size_t kMostWaiting = 64;

  explicit Passwords(const PasswordCost& cost = {}, std::size_t most_waiting = kMostWaiting);

  Passwords(const Passwords&) = delete;
  Passwords& operator=(const Passwords&) = delete;
  Passwords(Passwords&&) = delete;
  Passwords& operator=(Passwords&&) = delete;

  /// Waits for what is being hashed; what still waits for its turn is never answered.
  ~Passwords();

  struct Check {
    bool is_right = false;
    std::string better_hash;  ///< to keep instead, if the old one was of another cost; or empty
  };

  /// `kBusy` if too many wait, `kUnavailable` if there is not enough memory.
  [[nodiscard]] Task<policy::Result<std::string>> hash(std::string password);

  /// Whether the password is that of the hash. An empty or a damaged hash is that of no password;
  /// to find this out takes as long. Failures as `hash`.
  [[nodiscard]] Task<policy::Result<Check>> verify(std::string hash, std::string password);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace directory

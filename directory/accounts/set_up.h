// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/account.h"
#include "directory/accounts/sessions.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace directory {

/// What the first account may be made with, once. Handed out once.
struct SetUpSecret {
  std::string secret;
  std::int64_t expires = 0;  ///< seconds since 1970
};

/// How the first account comes about: whoever shows a secret that the machine's administrator was
/// given makes it. To be used on one thread.
class SetUp {
 public:
  static constexpr std::int64_t kSecretSeconds = std::int64_t{24} * 3600;

  /// Both must outlive it.
  SetUp(StateDatabase& database, Sessions& sessions) : database_(&database), sessions_(&sessions) {}

  /// Makes a new secret; the one before is good no more. Nothing if there is an account: then there
  /// is no secret either. `who` is for the audit log.
  [[nodiscard]] policy::Result<std::optional<SetUpSecret>> renew(const std::string& who,
                                                                 std::int64_t now);

  /// Whether this is the secret and there is no account.
  [[nodiscard]] policy::Result<bool> is_secret(std::string_view secret, std::int64_t now) const;

  /// Makes the first account, begins its session and uses the secret up, all or nothing. `kDenied`
  /// unless `is_secret` holds.
  [[nodiscard]] policy::Result<Sessions::Begun> redeem(std::string_view secret,
                                                       const Account& account,
                                                       std::string_view client,
                                                       std::int64_t now);

 private:
  StateDatabase* database_;
  Sessions* sessions_;
};

/// Where a browser makes the first account: the console at `public_url`, which may be empty, with
/// the secret behind the number sign, so that it comes into no log of a proxy.
[[nodiscard]] std::string set_up_link(const std::string& console_url, const std::string& secret);

/// The failure for a secret that is none, or none any more.
[[nodiscard]] std::unexpected<policy::Error> no_such_set_up();

}  // namespace directory

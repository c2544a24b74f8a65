// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/account.h"
#include "directory/accounts/accounts.h"
#include "directory/accounts/failure_backoff.h"
#include "directory/accounts/failure_log.h"
#include "directory/accounts/passwords.h"
#include "directory/accounts/principal.h"
#include "directory/accounts/secrets.h"
#include "directory/accounts/sessions.h"
#include "directory/accounts/set_up.h"
#include "directory/accounts/tokens.h"
#include "directory/http/client.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace directory {

/// Why somebody is not let in, or a change is not made.
struct Refusal {
  policy::Error error;
  std::int64_t retry_after = 0;  ///< seconds to wait because of failures before; 0: none
};

/// What comes of an attempt.
template <typename T>
using Admitted = std::expected<T, Refusal>;

/// Who a request is from.
struct Authenticated {
  std::optional<Principal> principal;  ///< nothing: nobody, or nobody any more
  std::string secret;                  ///< what the request showed; may be empty
  std::string set_cookie;              ///< value of a Set-Cookie that the answer has to have
  std::string refused_for;             ///< why the request as such is refused (400); or empty
  std::int64_t retry_after = 0;        ///< seconds; not 0: too many wrong tokens (429)
};

/// A browser that is signed in.
struct SignedIn {
  Account account;
  Session session;
  std::string set_cookie;  ///< value of the Set-Cookie that the answer has to have
};

/// What somebody signs in with.
struct SignInAttempt {
  std::string name;
  std::string password;
  std::string client_address;    ///< as text; empty for the Unix socket
  std::string previous_session;  ///< id of the session that the browser had; it ends
};

/// What somebody makes the first account with.
struct SetUpAttempt {
  std::string secret;
  std::string name;
  std::string password;
  std::string display_name;
  std::string client_address;
};

/// A new password for an account.
struct PasswordChange {
  std::string name;     ///< of the account
  std::string present;  ///< needed for one's own
  std::string password;
  std::optional<std::uint64_t> expected;  ///< version of the account
};

/// Who may use console and API: accounts, sessions, tokens, and what keeps guessers out. To be used
/// on one thread. Times are seconds since 1970. Whoever waits in one of the coroutines must be done
/// before the end.
///
/// Whoever fails again and again waits, by account and by client address, each for itself, and also
/// for accounts that do not exist. A wrong name, a wrong password and a disabled account are
/// answered alike and in the same time.
class AccessControl {
 public:
  /// The database must outlive it.
  [[nodiscard]] static policy::Result<std::unique_ptr<AccessControl>> open(
      StateDatabase& database, std::int64_t now, const PasswordCost& cost = {});

  AccessControl(const AccessControl&) = delete;
  AccessControl& operator=(const AccessControl&) = delete;
  AccessControl(AccessControl&&) = delete;
  AccessControl& operator=(AccessControl&&) = delete;
  ~AccessControl() = default;

  [[nodiscard]] Accounts& accounts() { return accounts_; }

  [[nodiscard]] Sessions& sessions() { return sessions_; }

  [[nodiscard]] Tokens& tokens() { return tokens_; }

  [[nodiscard]] SetUp& set_up() { return set_up_; }

  /// Finds out who a request is from. Fails only if the database does.
  [[nodiscard]] policy::Result<Authenticated> authenticate(const HttpHeaders& headers,
                                                           const std::string& client_address,
                                                           std::int64_t now);

  /// Begins a session; its secret is always a new one. `kDenied` if name or password is wrong.
  [[nodiscard]] Task<Admitted<SignedIn>> sign_in(SignInAttempt attempt, std::int64_t now);

  /// Makes the first account with the one-time secret, an admin of every organization, and begins
  /// its session. `kDenied` if the secret is none, `kInvalidInput` if name or password will not do.
  [[nodiscard]] Task<Admitted<SignedIn>> redeem(SetUpAttempt attempt, std::int64_t now);

  /// `Accounts::add` with a password. `kInvalidInput` if that will not do.
  [[nodiscard]] Task<Admitted<Account>> add_account(Principal by,
                                                    NewAccount account,
                                                    std::string password,
                                                    std::int64_t now);

  /// `Accounts::set_password` with a password. Whoever changes the own one gives the present one
  /// and is signed in with a session; `kDenied` if it is wrong.
  [[nodiscard]] Task<Admitted<Account>> set_password(Principal by,
                                                     PasswordChange change,
                                                     std::int64_t now);

  /// The account of a session, and the session. `kDenied` if it is gone.
  [[nodiscard]] policy::Result<SignedIn> signed_in(const Principal& by) const;

  /// Ends the session that asks. `kInvalidInput` if none asks.
  [[nodiscard]] policy::Result<void> sign_out(const Principal& by);

  /// Removes sessions that are over, and writes failures to the audit log. To be called once a
  /// minute.
  [[nodiscard]] policy::Result<void> sweep(std::int64_t now);

 private:
  AccessControl(StateDatabase& database, Sessions sessions, const PasswordCost& cost);

  [[nodiscard]] std::optional<Refusal> begin_attempt(const std::string& account,
                                                     const std::string& address,
                                                     std::int64_t now);
  void forgive(const std::string& account, const std::string& address);

  [[nodiscard]] policy::Result<std::optional<Principal>> principal_of_session(
      const std::string& secret, std::int64_t now, std::string& set_cookie);
  [[nodiscard]] policy::Result<Authenticated> authenticate_token(const std::string& secret,
                                                                 const std::string& client_address,
                                                                 std::int64_t now);
  [[nodiscard]] Task<policy::Result<Passwords::Check>> check_password_of(
      std::optional<Account> account, std::string password);
  [[nodiscard]] Task<Admitted<Account>> confirm_present_password(std::string account,
                                                                 std::string present,
                                                                 std::int64_t now);
  [[nodiscard]] policy::Result<SignedIn> begin_session(Account account,
                                                       const SignInAttempt& attempt,
                                                       std::int64_t now);

  StateDatabase* database_;
  Sessions sessions_;
  Accounts accounts_;
  Tokens tokens_;
  SetUp set_up_;
  Passwords passwords_;
  FailureBackoff account_backoff_;
  FailureBackoff address_backoff_;
  FailureBackoff token_backoff_;
  FailureLog failures_;
};

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/access_control.h"

#include "directory/accounts/account.h"
#include "directory/accounts/accounts.h"
#include "directory/accounts/credentials.h"
#include "directory/accounts/failure_backoff.h"
#include "directory/accounts/passwords.h"
#include "directory/accounts/principal.h"
#include "directory/accounts/secrets.h"
#include "directory/accounts/sessions.h"
#include "directory/accounts/set_up.h"
#include "directory/http/client.h"
#include "directory/store/audit_trail.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/result.h"

#include <algorithm>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::Result;

// Nobody guesses a token; a program with an old one asks often.
constexpr unsigned kFreeTokenFailures = 50;

std::unexpected<Refusal> refuse_with(policy::Error error) {
  // Whoever comes too early for the password worker is told when to come back.
  const std::int64_t retry_after = error.code == ErrorCode::kBusy ? 1 : 0;
  return std::unexpected{Refusal{.error = std::move(error), .retry_after = retry_after}};
}

std::unexpected<Refusal> refuse_as(ErrorCode code, std::string_view text) {
  return refuse_with({.code = code, .message = std::string{text}});
}

std::unexpected<Refusal> wrong_password() {
  return refuse_as(ErrorCode::kDenied, "name or password is wrong, or the account is disabled");
}

// Whether the password that was checked is still the one that counts.
bool is_unchanged(const std::optional<Account>& before, const Account& now) {
  return before.has_value() && now.is_enabled && now.password_hash == before->password_hash;
}

// For the audit log.
std::string client_of(const std::string& address) {
  return address.empty() ? "a client of the socket" : "client " + address;
}

}  // namespace

AccessControl::AccessControl(StateDatabase& database, Sessions sessions, const PasswordCost& cost)
    : database_(&database),
      sessions_(std::move(sessions)),
      accounts_(database, sessions_),
      tokens_(database, accounts_),
      set_up_(database, sessions_),
      passwords_(cost),
      token_backoff_(FailureBackoff::Limits{.free = kFreeTokenFailures}),
      failures_(database) {}

Result<std::unique_ptr<AccessControl>> AccessControl::open(StateDatabase& database,
                                                           std::int64_t now,
                                                           const PasswordCost& cost) {
  auto sessions = Sessions::open(database, now);
  if (!sessions.has_value()) {
    return std::unexpected{std::move(sessions).error()};
  }
  return std::unique_ptr<AccessControl>{new AccessControl{database, *std::move(sessions), cost}};
}

// Counts the attempt as failed until it is known to be none.
std::optional<Refusal> AccessControl::begin_attempt(const std::string& account,
                                                    const std::string& address,
                                                    std::int64_t now) {
  const std::int64_t wait =
      std::max(account_backoff_.wait(account, now), address_backoff_.wait(address, now));
  if (wait > 0) {
    return Refusal{
        .error = {.code = ErrorCode::kDenied,
                  .message = "too many attempts have failed; try again in " + std::to_string(wait) +
                             (wait == 1 ? " second" : " seconds")},
        .retry_after = wait};
  }
  if (!account.empty()) {
    account_backoff_.charge(account, now);
  }
  address_backoff_.charge(address, now);
  return std::nullopt;
}

void AccessControl::forgive(const std::string& account, const std::string& address) {
  account_backoff_.refund(account);
  address_backoff_.refund(address);
}

Result<Authenticated> AccessControl::authenticate(const HttpHeaders& headers,
                                                  const std::string& client_address,
                                                  std::int64_t now) {
  Credentials credentials = find_credentials(headers);
  if (!credentials.bearer.empty()) {
    return authenticate_token(credentials.bearer, client_address, now);
  }
  Authenticated found;
  found.refused_for = std::move(credentials.refused_for);
  if (credentials.cookie.empty()) {
    return found;
  }
  auto principal = principal_of_session(credentials.cookie, now, found.set_cookie);
  if (!principal.has_value()) {
    return std::unexpected{std::move(principal).error()};
  }
  found.principal = *std::move(principal);
  found.secret = std::move(credentials.cookie);
  return found;
}

Result<std::optional<Principal>> AccessControl::principal_of_session(const std::string& secret,
                                                                     std::int64_t now,
                                                                     std::string& set_cookie) {
  const auto use = sessions_.use(secret, now);
  if (!use.has_value()) {
    return std::nullopt;
  }
  if (!use->new_secret.empty()) {
    set_cookie = session_cookie(use->new_secret);
  }
  const auto read = read_account(*database_, use->session.account);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<Account>& account = *read;
  if (!account.has_value() || !account->is_enabled) {
    return std::nullopt;
  }
  return Principal{.means = Principal::Means::kSession,
                   .name = account->name,
                   .role = account->rights.role,
                   .organizations = account->rights.organizations,
                   .account = account->name,
                   .session = use->session.id};
}

Result<Authenticated> AccessControl::authenticate_token(const std::string& secret,
                                                        const std::string& client_address,
                                                        std::int64_t now) {
  Authenticated found;
  const std::string address = backoff_key_of_address(client_address);
  found.retry_after = token_backoff_.wait(address, now);
  if (found.retry_after > 0) {
    return found;
  }
  auto principal = tokens_.use(secret, now);
  if (!principal.has_value()) {
    return std::unexpected{std::move(principal).error()};
  }
  found.principal = *std::move(principal);
  found.secret = secret;
  if (!found.principal.has_value()) {
    token_backoff_.charge(address, now);
    failures_.count("token.fail", "an unknown token", client_of(client_address), now);
  }
  return found;
}

Task<Result<Passwords::Check>> AccessControl::check_password_of(std::optional<Account> account,
                                                                std::string password) {
  std::string hash;
  if (account.has_value() && account->is_enabled && password.size() <= kMostPasswordOctets) {
    hash = account->password_hash;
  }
  return passwords_.verify(std::move(hash), std::move(password));
}

Task<Admitted<SignedIn>> AccessControl::sign_in(SignInAttempt attempt, std::int64_t now) {
  const std::string name = parse_account_name(attempt.name).value_or("");
  const std::string address = backoff_key_of_address(attempt.client_address);
  if (auto refusal = begin_attempt(name, address, now); refusal.has_value()) {
    co_return std::unexpected{*std::move(refusal)};
  }
  auto before = read_account(*database_, name);
  if (!before.has_value()) {
    forgive(name, address);
    co_return refuse_with(std::move(before).error());
  }
  const std::string subject = before->has_value() ? name : "an unknown account";
  auto check = co_await check_password_of(*before, std::move(attempt.password));
  // Somebody may have changed, disabled or removed the account meanwhile.
  auto read = read_account(*database_, name);
  if (!check.has_value() || !read.has_value()) {
    forgive(name, address);
    co_return refuse_with(check.has_value() ? read.error() : check.error());
  }
  std::optional<Account>& account = *read;
  if (!check->is_right || !account.has_value() || !is_unchanged(*before, *account)) {
    failures_.count("session.fail", subject, client_of(attempt.client_address), now);
    co_return wrong_password();
  }
  account_backoff_.clear(name);
  address_backoff_.refund(address);
  if (!check->better_hash.empty()) {
    account->password_hash = std::move(check->better_hash);
  }
  auto begun = begin_session(*std::move(account), attempt, now);
  if (!begun.has_value()) {
    co_return refuse_with(std::move(begun).error());
  }
  co_return *std::move(begun);
}

Result<SignedIn> AccessControl::begin_session(Account account,
                                              const SignInAttempt& attempt,
                                              std::int64_t now) {
  auto trail = AuditTrail::open(*database_);
  if (!trail.has_value()) {
    return std::unexpected{std::move(trail).error()};
  }
  // What the browser had before is of no use any more: not to it, nor to who planted it there.
  if (sessions_.find(attempt.previous_session) != nullptr) {
    auto ended = sessions_.end(attempt.previous_session, StateBatch{});
    if (!ended.has_value()) {
      return std::unexpected{std::move(ended).error()};
    }
  }
  account.last_sign_in = now;
  StateBatch batch;
  put_account(batch, account);
  trail->add(batch,
             {.time = now,
              .who = account.name,
              .action = "session.begin",
              .subject = account.name,
              .before = {},
              .after = "from " + client_of(attempt.client_address),
              .organization = {}});
  auto begun = sessions_.begin(account.name, now, std::move(batch));
  if (!begun.has_value()) {
    return std::unexpected{std::move(begun).error()};
  }
  return SignedIn{.account = std::move(account),
                  .session = std::move(begun->session),
                  .set_cookie = session_cookie(begun->secret)};
}

Task<Admitted<SignedIn>> AccessControl::redeem(SetUpAttempt attempt, std::int64_t now) {
  const std::string address = backoff_key_of_address(attempt.client_address);
  if (auto refusal = begin_attempt("", address, now); refusal.has_value()) {
    co_return std::unexpected{*std::move(refusal)};
  }
  const auto is_good = set_up_.is_secret(attempt.secret, now);
  if (!is_good.has_value()) {
    address_backoff_.refund(address);
    co_return refuse_with(is_good.error());
  }
  if (!*is_good) {
    failures_.count("setup.fail", "the first account", client_of(attempt.client_address), now);
    co_return refuse_with(no_such_set_up().error());
  }
  address_backoff_.refund(address);
  auto name = parse_account_name(attempt.name);
  if (!name.has_value()) {
    co_return refuse_with(std::move(name).error());
  }
  auto fits = check_new_password(attempt.password, *name);
  if (fits.has_value()) {
    fits = check_shown_name("the display name", attempt.display_name);
  }
  if (!fits.has_value()) {
    co_return refuse_with(std::move(fits).error());
  }
  auto hash = co_await passwords_.hash(std::move(attempt.password));
  if (!hash.has_value()) {
    co_return refuse_with(std::move(hash).error());
  }
  Account account;
  account.name = *std::move(name);
  account.display_name = std::move(attempt.display_name);
  account.rights = {.role = Role::kAdmin, .organizations = std::nullopt};
  account.password_hash = *std::move(hash);
  account.is_enabled = true;
  account.created = now;
  account.last_sign_in = now;
  account.version = 1;
  // Looks at the secret again: another one may have been faster.
  auto begun = set_up_.redeem(attempt.secret, account, client_of(attempt.client_address), now);
  if (!begun.has_value()) {
    co_return refuse_with(std::move(begun).error());
  }
  SignedIn signed_in;
  signed_in.account = std::move(account);
  signed_in.session = std::move(begun->session);
  signed_in.set_cookie = session_cookie(begun->secret);
  co_return signed_in;
}

Task<Admitted<Account>> AccessControl::add_account(Principal by,
                                                   NewAccount account,
                                                   std::string password,
                                                   std::int64_t now) {
  auto fits = accounts_.check_new(by, account);
  if (fits.has_value()) {
    fits = check_new_password(password, account.name);
  }
  if (!fits.has_value()) {
    co_return refuse_with(std::move(fits).error());
  }
  auto hash = co_await passwords_.hash(std::move(password));
  if (!hash.has_value()) {
    co_return refuse_with(std::move(hash).error());
  }
  auto added = accounts_.add(by, account, *std::move(hash), now);
  if (!added.has_value()) {
    co_return refuse_with(std::move(added).error());
  }
  co_return *std::move(added);
}

// The own account, if this is its password.
Task<Admitted<Account>> AccessControl::confirm_present_password(std::string account,
                                                                std::string present,
                                                                std::int64_t now) {
  const std::int64_t wait = account_backoff_.wait(account, now);
  if (wait > 0) {
    co_return std::unexpected{
        Refusal{.error = {.code = ErrorCode::kDenied,
                          .message = "too many attempts have failed; try again later"},
                .retry_after = wait}};
  }
  auto read = read_account(*database_, account);
  if (!read.has_value()) {
    co_return refuse_with(std::move(read).error());
  }
  account_backoff_.charge(account, now);
  auto check = co_await check_password_of(*read, std::move(present));
  if (!check.has_value()) {
    account_backoff_.refund(account);
    co_return refuse_with(std::move(check).error());
  }
  std::optional<Account>& known = *read;
  if (!check->is_right || !known.has_value()) {
    failures_.count("account.password_fail", account, account, now);
    co_return refuse_as(ErrorCode::kDenied, "the present password is wrong");
  }
  account_backoff_.clear(account);
  co_return *std::move(known);
}

Task<Admitted<Account>> AccessControl::set_password(Principal by,
                                                    PasswordChange change,
                                                    std::int64_t now) {
  // However it is written: the own account is the own one.
  const std::string name = parse_account_name(change.name).value_or("");
  const bool is_own = !by.account.empty() && by.account == name;
  if (is_own && by.means != Principal::Means::kSession) {
    co_return refuse_as(ErrorCode::kDenied, "sign in to change your own password");
  }
  Account account;
  if (is_own) {
    auto confirmed = co_await confirm_present_password(by.account, std::move(change.present), now);
    if (!confirmed.has_value()) {
      co_return std::unexpected{std::move(confirmed).error()};
    }
    account = *std::move(confirmed);
  } else {
    auto found = accounts_.find(by, change.name);
    if (!found.has_value()) {
      co_return refuse_with(std::move(found).error());
    }
    account = *std::move(found);
  }
  auto fits = check_new_password(change.password, account.name);
  if (!fits.has_value()) {
    co_return refuse_with(std::move(fits).error());
  }
  auto hash = co_await passwords_.hash(std::move(change.password));
  if (!hash.has_value()) {
    co_return refuse_with(std::move(hash).error());
  }
  // Without another version it is for the one whose password was confirmed.
  auto written = accounts_.set_password(
      by, account.name, *std::move(hash), change.expected.value_or(account.version));
  if (!written.has_value()) {
    co_return refuse_with(std::move(written).error());
  }
  co_return *std::move(written);
}

Result<SignedIn> AccessControl::signed_in(const Principal& by) const {
  const Session* session = sessions_.find(by.session);
  auto read = read_account(*database_, by.account);
  if (!read.has_value()) {
    return std::unexpected{std::move(read).error()};
  }
  std::optional<Account>& account = *read;
  if (session == nullptr || !account.has_value()) {
    return policy::fail(ErrorCode::kDenied, "you are not signed in");
  }
  return SignedIn{.account = *std::move(account), .session = *session, .set_cookie = {}};
}

Result<void> AccessControl::sign_out(const Principal& by) {
  if (by.means != Principal::Means::kSession) {
    return policy::fail(ErrorCode::kInvalidInput, "there is no session to end");
  }
  auto trail = AuditTrail::open(*database_);
  if (!trail.has_value()) {
    return std::unexpected{std::move(trail).error()};
  }
  StateBatch batch;
  trail->add(batch,
             {.who = by.name,
              .action = "session.end",
              .subject = by.account,
              .before = {},
              .after = {},
              .organization = {}});
  return sessions_.end(by.session, std::move(batch));
}

Result<void> AccessControl::sweep(std::int64_t now) {
  failures_.flush(now);
  return sessions_.sweep(now);
}

}  // namespace directory

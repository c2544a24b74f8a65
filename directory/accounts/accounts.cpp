// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/accounts.h"

#include "directory/accounts/account.h"
#include "directory/accounts/principal.h"
#include "directory/accounts/sessions.h"
#include "directory/accounts/tokens.h"
#include "directory/store/audit_trail.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <algorithm>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

bool is_own(const Principal& by, std::string_view name) {
  return by.means == Principal::Means::kSession && by.account == name;
}

Result<Rights> require_admin(Result<Rights> rights) {
  if (rights.has_value() && rights->role != Role::kAdmin) {
    return fail(ErrorCode::kDenied, "accounts are for admins");
  }
  return rights;
}

Result<void> check_version(const Account& account, std::optional<std::uint64_t> expected) {
  if (expected.has_value() && *expected != account.version) {
    return fail(ErrorCode::kChanged,
                "somebody has changed the account " + account.name +
                    " meanwhile; look at it again and repeat what is still wanted");
  }
  return {};
}

// Puts an entry into the batch, which others then write.
Result<void> add_entry(const StateReader& reader, StateBatch& batch, AuditEntry entry) {
  auto trail = AuditTrail::open(reader);
  if (!trail.has_value()) {
    return std::unexpected{trail.error()};
  }
  trail->add(batch, std::move(entry));
  return {};
}

Account changed(Account account, const AccountChange& change) {
  account.display_name = change.display_name.value_or(account.display_name);
  account.rights.role = change.role.value_or(account.rights.role);
  account.rights.organizations = change.organizations.value_or(account.rights.organizations);
  account.is_enabled = change.is_enabled.value_or(account.is_enabled);
  ++account.version;
  return account;
}

bool has_same_rights(const Account& left, const Account& right) {
  return left.rights.role == right.rights.role &&
         left.rights.organizations == right.rights.organizations &&
         left.is_enabled == right.is_enabled;
}

}  // namespace

std::unexpected<policy::Error> no_such_account(std::string_view name) {
  return fail(ErrorCode::kNotFound, "there is no account " + std::string{name});
}

Result<Rights> Accounts::rights_now(const Principal& by) const {
  Rights claimed{.role = by.role, .organizations = by.organizations};
  if (by.means == Principal::Means::kSocket) {
    return claimed;
  }
  const auto read = read_account(*database_, by.account);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<Account>& account = *read;
  const bool is_signed_in =
      by.means == Principal::Means::kToken || sessions_->find(by.session) != nullptr;
  if (by.means == Principal::Means::kNone || !account.has_value() || !account->is_enabled ||
      !is_signed_in) {
    return fail(ErrorCode::kDenied, "you are not signed in any more; sign in again");
  }
  return narrowed(claimed, account->rights);
}

Result<std::vector<Account>> Accounts::list(const Principal& by) const {
  const auto rights = require_admin(rights_now(by));
  if (!rights.has_value()) {
    return std::unexpected{rights.error()};
  }
  auto accounts = read_accounts(*database_);
  if (accounts.has_value()) {
    std::erase_if(*accounts, [&](const Account& account) {
      return !includes(rights->organizations, account.rights.organizations);
    });
  }
  return accounts;
}

Result<Account> Accounts::find(const Principal& by, std::string_view name) const {
  const auto rights = require_admin(rights_now(by));
  if (!rights.has_value()) {
    return std::unexpected{rights.error()};
  }
  const auto canonical = parse_account_name(name);
  if (!canonical.has_value()) {
    return no_such_account(name);
  }
  auto read = read_account(*database_, *canonical);
  if (!read.has_value()) {
    return std::unexpected{std::move(read).error()};
  }
  std::optional<Account>& account = *read;
  if (!account.has_value() || !includes(rights->organizations, account->rights.organizations)) {
    return no_such_account(name);
  }
  return *std::move(account);
}

// One's own account, whatever one may do else, or one that an admin sees.
Result<Account> Accounts::find_own(const Principal& by, std::string_view name) const {
  if (!is_own(by, parse_account_name(name).value_or(""))) {
    return find(by, name);
  }
  if (auto rights = rights_now(by); !rights.has_value()) {
    return std::unexpected{std::move(rights).error()};
  }
  auto read = read_account(*database_, by.account);
  if (!read.has_value()) {
    return std::unexpected{std::move(read).error()};
  }
  std::optional<Account>& account = *read;
  if (!account.has_value()) {
    return no_such_account(name);
  }
  return *std::move(account);
}

Result<void> Accounts::check_rights(const Principal& by, const Rights& rights) const {
  const auto own = require_admin(rights_now(by));
  if (!own.has_value()) {
    return std::unexpected{own.error()};
  }
  if (!includes(own->organizations, rights.organizations)) {
    return fail(ErrorCode::kNotFound,
                "there is no such organization among those that you see; name some of them");
  }
  return {};
}

Result<void> Accounts::check_full_admin_stays(const Account& before, const Account* after) const {
  if (!before.is_full_admin() || (after != nullptr && after->is_full_admin())) {
    return {};
  }
  const auto accounts = read_accounts(*database_);
  if (!accounts.has_value()) {
    return std::unexpected{accounts.error()};
  }
  const bool has_other = std::ranges::any_of(*accounts, [&](const Account& account) {
    return account.name != before.name && account.is_full_admin();
  });
  if (!has_other) {
    return fail(
        ErrorCode::kConflict,
        before.name + " is the last enabled admin of every organization; make another one first");
  }
  return {};
}

Result<void> Accounts::check_new(const Principal& by, const NewAccount& account) const {
  if (auto may = check_rights(by, account.rights); !may.has_value()) {
    return may;
  }
  const auto name = parse_account_name(account.name);
  if (!name.has_value()) {
    return std::unexpected{name.error()};
  }
  if (auto shown = check_shown_name("the display name", account.display_name); !shown.has_value()) {
    return shown;
  }
  const auto taken = database_->get(Table::kAccounts, *name);
  if (!taken.has_value()) {
    return std::unexpected{taken.error()};
  }
  if (taken->has_value()) {
    return fail(ErrorCode::kConflict, "the name " + *name + " is taken; choose another one");
  }
  return {};
}

Result<Account> Accounts::add(const Principal& by,
                              const NewAccount& account,
                              std::string password_hash,
                              std::int64_t now) {
  if (auto checked = check_new(by, account); !checked.has_value()) {
    return std::unexpected{std::move(checked).error()};
  }
  Account made;
  made.name = parse_account_name(account.name).value_or("");
  made.display_name = account.display_name;
  made.rights = account.rights;
  made.password_hash = std::move(password_hash);
  made.is_enabled = true;
  made.created = now;
  made.version = 1;
  StateBatch batch;
  put_account(batch, made);
  auto written = commit_audited(*database_,
                                std::move(batch),
                                {.time = now,
                                 .who = by.name,
                                 .action = "account.add",
                                 .subject = made.name,
                                 .before = {},
                                 .after = describe(made),
                                 .organization = {}});
  if (!written.has_value()) {
    return std::unexpected{std::move(written).error()};
  }
  return made;
}

Result<Account> Accounts::change(const Principal& by,
                                 std::string_view name,
                                 const AccountChange& change,
                                 std::optional<std::uint64_t> expected) {
  const auto before = find(by, name);
  if (!before.has_value()) {
    return before;
  }
  Account after = changed(*before, change);
  auto allowed = check_version(*before, expected);
  if (allowed.has_value()) {
    allowed = check_rights(by, after.rights);
  }
  if (allowed.has_value()) {
    allowed = check_shown_name("the display name", after.display_name);
  }
  if (allowed.has_value()) {
    allowed = check_full_admin_stays(*before, &after);
  }
  if (!allowed.has_value()) {
    return std::unexpected{std::move(allowed).error()};
  }
  StateBatch batch;
  put_account(batch, after);
  auto written = add_entry(*database_,
                           batch,
                           {.who = by.name,
                            .action = "account.change",
                            .subject = after.name,
                            .before = describe(*before),
                            .after = describe(after),
                            .organization = {}});
  if (written.has_value()) {
    written = has_same_rights(*before, after) ? database_->commit(std::move(batch))
                                              : sessions_->end_of(after.name, "", std::move(batch));
  }
  if (!written.has_value()) {
    return std::unexpected{std::move(written).error()};
  }
  return after;
}

Result<void> Accounts::remove(const Principal& by,
                              std::string_view name,
                              std::optional<std::uint64_t> expected) {
  const auto account = find(by, name);
  if (!account.has_value()) {
    return std::unexpected{account.error()};
  }
  if (auto same = check_version(*account, expected); !same.has_value()) {
    return same;
  }
  if (auto stays = check_full_admin_stays(*account, nullptr); !stays.has_value()) {
    return stays;
  }
  StateBatch batch;
  remove_account(batch, account->name);
  if (auto removed = remove_tokens_of(*database_, account->name, batch); !removed.has_value()) {
    return removed;
  }
  auto entered = add_entry(*database_,
                           batch,
                           {.who = by.name,
                            .action = "account.remove",
                            .subject = account->name,
                            .before = describe(*account),
                            .after = {},
                            .organization = {}});
  return entered.has_value() ? sessions_->end_of(account->name, "", std::move(batch)) : entered;
}

Result<Account> Accounts::set_password(const Principal& by,
                                       std::string_view name,
                                       std::string password_hash,
                                       std::optional<std::uint64_t> expected) {
  auto account = find_own(by, name);
  if (!account.has_value()) {
    return account;
  }
  if (auto same = check_version(*account, expected); !same.has_value()) {
    return std::unexpected{std::move(same).error()};
  }
  account->password_hash = std::move(password_hash);
  ++account->version;
  StateBatch batch;
  put_account(batch, *account);
  auto written = add_entry(*database_,
                           batch,
                           {.who = by.name,
                            .action = "account.password",
                            .subject = account->name,
                            .before = {},
                            .after = "a new password",
                            .organization = {}});
  if (written.has_value()) {
    const std::string keep = is_own(by, account->name) ? by.session : "";
    written = sessions_->end_of(account->name, keep, std::move(batch));
  }
  if (!written.has_value()) {
    return std::unexpected{std::move(written).error()};
  }
  return account;
}

Result<void> Accounts::end_sessions(const Principal& by, std::string_view name) {
  const auto account = find_own(by, name);
  if (!account.has_value()) {
    return std::unexpected{account.error()};
  }
  StateBatch batch;
  auto entered = add_entry(*database_,
                           batch,
                           {.who = by.name,
                            .action = "account.sign_out",
                            .subject = account->name,
                            .before = {},
                            .after = {},
                            .organization = {}});
  return entered.has_value() ? sessions_->end_of(account->name, "", std::move(batch)) : entered;
}

}  // namespace directory

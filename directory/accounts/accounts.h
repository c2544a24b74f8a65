// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/account.h"
#include "directory/accounts/principal.h"
#include "directory/accounts/sessions.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// What an account is made of, besides its password.
struct NewAccount {
  std::string name;  ///< as given
  std::string display_name;
  Rights rights;
};

/// What is to change of an account; what is absent stays.
struct AccountChange {
  std::optional<std::string> display_name;
  std::optional<Role> role;
  std::optional<OrganizationScope> organizations;
  std::optional<bool> is_enabled;
};

/// The accounts, as admins work with them. An admin sees an account if the admin's organizations
/// hold all of the account's; to everything else of accounts the answer is `kNotFound`, as if
/// there were none. Others are `kDenied`. What somebody may do is looked up anew for each call, so
/// that a right which is taken away while a request is under way is gone.
///
/// Writes come with their audit entry and, where something of the account's rights changes, end its
/// sessions. `expected` is the version that the change was made for: `kChanged` if it is another by
/// now. At least one account stays that is enabled, admin and of every organization: `kConflict`
/// where that would end. To be used on one thread.
class Accounts {
 public:
  /// Both must outlive the accounts.
  Accounts(StateDatabase& database, Sessions& sessions)
      : database_(&database), sessions_(&sessions) {}

  [[nodiscard]] policy::Result<std::vector<Account>> list(const Principal& by) const;
  [[nodiscard]] policy::Result<Account> find(const Principal& by, std::string_view name) const;

  /// Whether the account may be made: everything that `add` looks at but the password's hash.
  [[nodiscard]] policy::Result<void> check_new(const Principal& by,
                                               const NewAccount& account) const;

  /// `kConflict` if the name is taken, `kInvalidInput` if it is none.
  [[nodiscard]] policy::Result<Account> add(const Principal& by,
                                            const NewAccount& account,
                                            std::string password_hash,
                                            std::int64_t now);

  [[nodiscard]] policy::Result<Account> change(const Principal& by,
                                               std::string_view name,
                                               const AccountChange& change,
                                               std::optional<std::uint64_t> expected);

  /// Its tokens go too.
  [[nodiscard]] policy::Result<void> remove(const Principal& by,
                                            std::string_view name,
                                            std::optional<std::uint64_t> expected);

  /// Ends its sessions, but the one that asks. Whether the present password was given is for the
  /// caller to see to where somebody changes the own one.
  [[nodiscard]] policy::Result<Account> set_password(const Principal& by,
                                                     std::string_view name,
                                                     std::string password_hash,
                                                     std::optional<std::uint64_t> expected);

  /// Signs the account out everywhere; one's own too, whoever one is.
  [[nodiscard]] policy::Result<void> end_sessions(const Principal& by, std::string_view name);

  /// What somebody may do at this moment. `kDenied` if the account or session is gone.
  [[nodiscard]] policy::Result<Rights> rights_now(const Principal& by) const;

 private:
  [[nodiscard]] policy::Result<Account> find_own(const Principal& by, std::string_view name) const;
  [[nodiscard]] policy::Result<void> check_full_admin_stays(const Account& before,
                                                            const Account* after) const;
  [[nodiscard]] policy::Result<void> check_rights(const Principal& by, const Rights& rights) const;

  StateDatabase* database_;
  Sessions* sessions_;
};

/// The failure for an account that is not there, or not for everybody to see.
[[nodiscard]] std::unexpected<policy::Error> no_such_account(std::string_view name);

}  // namespace directory

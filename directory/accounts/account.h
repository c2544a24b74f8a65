// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/principal.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

/// What may be done, and where.
struct Rights {
  Role role = Role::kViewer;
  OrganizationScope organizations = std::set<std::string, std::less<>>{};  ///< none
};

/// What both allow.
[[nodiscard]] Rights narrowed(const Rights& left, const Rights& right);

/// Whether `left` allows all that `right` allows.
[[nodiscard]] bool includes(const Rights& left, const Rights& right);

/// Who may sign in. Fields that a record lacks read as what allows least.
struct Account {
  std::string name;  ///< canonical
  std::string display_name;
  Rights rights;
  std::string password_hash;
  bool is_enabled = false;
  std::int64_t created = 0;       ///< seconds since 1970
  std::int64_t last_sign_in = 0;  ///< seconds since 1970; 0: never
  std::uint64_t version = 0;      ///< counts changes that people make, not sign-ins

  /// Whether it may do everything, and so help all others.
  [[nodiscard]] bool is_full_admin() const {
    return is_enabled && rights.role == Role::kAdmin && !rights.organizations.has_value();
  }
};

/// The canonical name: in lower case. `kInvalidInput` unless it has 1 to 64 of `a-z 0-9 . _ - + @`
/// and begins with a letter or a digit, so that an e-mail address may be one. Names that the audit
/// log has for others (`root`, `fromguard-directory`) are refused.
[[nodiscard]] policy::Result<std::string> parse_account_name(std::string_view text);

/// Checks a name that people see: at most 256 octets of UTF-8 without anything invisible.
/// `kInvalidInput` names it by `what`.
[[nodiscard]] policy::Result<void> check_shown_name(std::string_view what, std::string_view text);

/// The account of a canonical name; nothing if there is none. `kInvalidInput` if it is damaged.
[[nodiscard]] policy::Result<std::optional<Account>> read_account(const StateReader& reader,
                                                                  std::string_view name);

/// All accounts by name. `kInvalidInput` if one is damaged.
[[nodiscard]] policy::Result<std::vector<Account>> read_accounts(const StateReader& reader);

/// Whether there is an account, damaged or not.
[[nodiscard]] policy::Result<bool> has_accounts(const StateReader& reader);

void put_account(StateBatch& batch, const Account& account);
void remove_account(StateBatch& batch, std::string_view name);

/// Rights for the audit log: `operator of contoso, fabrikam`, `admin`.
[[nodiscard]] std::string describe(const Rights& rights);

/// For the audit log.
[[nodiscard]] std::string describe(const Account& account);

/// As records have it: whether all organizations are meant, and which ones.
struct StoredScope {
  explicit StoredScope(const OrganizationScope& scope);
  StoredScope() = default;

  [[nodiscard]] OrganizationScope scope() const;

  bool is_everything = false;
  std::vector<std::string> organizations;
};

/// Names the members of rights in a record.
void name_rights(auto& fields, auto& role, auto& scope) {
  fields.letter("r", role, "voa");
  fields.flag("all", scope.is_everything);
  fields.texts("o", scope.organizations);
}

}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/account.h"
#include "directory/accounts/principal.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {

class Accounts;

/// What a program shows instead of a session. Times are seconds since 1970.
struct ApiToken {
  std::string digest;  ///< of its secret
  std::string id;
  std::string name;     ///< as people know it
  std::string account;  ///< whose it is
  Rights rights;        ///< what it has at most; its account may have less by now
  std::int64_t created = 0;
  std::int64_t expires = 0;    ///< 0: never
  std::int64_t last_used = 0;  ///< the day it was used last, its beginning; 0: never
};

/// What a token is made of.
struct TokenRequest {
  std::string name;
  std::string account;  ///< empty: of the account that asks
  Role role = Role::kViewer;
  std::optional<OrganizationScope> organizations;  ///< absent: those that the account has now
  std::int64_t expires = 0;                        ///< seconds since 1970; 0: never
};

/// The API tokens. Of their secrets only the digests are kept. To be used on one thread.
class Tokens {
 public:
  static constexpr std::string_view kPrefix = "fg_";  ///< what every secret begins with
  static constexpr std::size_t kMostOfAccount = 50;

  /// Both must outlive the tokens.
  Tokens(StateDatabase& database, const Accounts& accounts)
      : database_(&database), accounts_(&accounts) {}

  /// A token with its secret, which is handed out once.
  struct Made {
    ApiToken token;
    std::string secret;
  };

  /// Makes a token: a session for its own account, the Unix socket for any, with at most the rights
  /// of the account. A token makes no tokens, or one that leaks would outlive its own end.
  /// `kDenied`, `kInvalidInput`, `kNotFound`, or `kConflict` if the account has too many.
  [[nodiscard]] policy::Result<Made> add(const Principal& by,
                                         const TokenRequest& request,
                                         std::int64_t now);

  /// One's own tokens, and for admins those of the accounts that they may see; by account and name.
  [[nodiscard]] policy::Result<std::vector<ApiToken>> list(const Principal& by) const;

  /// Ends a token of those that `list` gives. `kNotFound` if it is none of them; `kDenied` if a
  /// token asks that is no admin's.
  [[nodiscard]] policy::Result<void> revoke(const Principal& by, std::string_view id);

  /// Who shows this secret, with what token and account allow both at this moment; nothing if the
  /// token is over or not known, or its account disabled.
  [[nodiscard]] policy::Result<std::optional<Principal>> use(std::string_view secret,
                                                             std::int64_t now);

 private:
  StateDatabase* database_;
  const Accounts* accounts_;
};

/// Adds the removal of all tokens of an account, damaged ones too.
[[nodiscard]] policy::Result<void> remove_tokens_of(const StateReader& reader,
                                                    std::string_view account,
                                                    StateBatch& batch);

}  // namespace directory

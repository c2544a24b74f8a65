// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/tokens.h"

#include "directory/accounts/account.h"
#include "directory/accounts/accounts.h"
#include "directory/accounts/principal.h"
#include "directory/accounts/secrets.h"
#include "directory/store/audit_trail.h"
#include "directory/store/fields.h"
#include "directory/store/state_database.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::int64_t kDaySeconds = std::int64_t{24} * 3600;

void name_fields(auto& fields, auto& token, auto& scope) {
  fields.text("i", token.id);
  fields.text("n", token.name);
  fields.text("a", token.account);
  name_rights(fields, token.rights.role, scope);
  fields.number("c", token.created);
  fields.number("x", token.expires);
  fields.number("l", token.last_used);
}

Result<ApiToken> decode_token(std::string_view key, std::string_view value) {
  ApiToken token;
  token.digest = key;
  StoredScope scope;
  FieldReader fields{value};
  name_fields(fields, token, scope);
  if (auto read = fields.status(); !read.has_value()) {
    return fail("read an API token", read.error());
  }
  token.rights.organizations = scope.scope();
  return token;
}

void put(StateBatch& batch, const ApiToken& token) {
  const StoredScope scope{token.rights.organizations};
  FieldWriter fields;
  name_fields(fields, token, scope);
  batch.put(Table::kTokens, token.digest, fields.finish());
}

Result<std::vector<ApiToken>> read_tokens(const StateReader& reader) {
  std::vector<ApiToken> tokens;
  const auto read = reader.for_each(
      Table::kTokens, "", "", [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto token = decode_token(key, value);
        if (!token.has_value()) {
          return std::unexpected{std::move(token).error()};
        }
        tokens.push_back(*std::move(token));
        return true;
      });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return tokens;
}

std::string subject_of(const ApiToken& token) {
  return "token " + token.name + " of " + token.account;
}

Result<void> check_request(const TokenRequest& request,
                           const Rights& wanted,
                           const Account& account,
                           std::int64_t now) {
  if (request.name.empty()) {
    return fail(ErrorCode::kInvalidInput, "a token needs a name that says what it is for");
  }
  if (auto shown = check_shown_name("the token's name", request.name); !shown.has_value()) {
    return shown;
  }
  if (!includes(account.rights, wanted)) {
    return fail(ErrorCode::kDenied,
                "a token may not have more rights than its account: " + describe(account.rights));
  }
  if (request.expires != 0 && request.expires <= now) {
    return fail(ErrorCode::kInvalidInput, "the token's end is over; name a later time");
  }
  return {};
}

// Whose the token is to be.
Result<std::string> account_for(const Principal& by, const TokenRequest& request) {
  if (by.means == Principal::Means::kSocket && !request.account.empty()) {
    return parse_account_name(request.account);
  }
  if (by.means == Principal::Means::kSocket) {
    return fail(ErrorCode::kInvalidInput, "name the account that the token is for");
  }
  if (by.means != Principal::Means::kSession ||
      (!request.account.empty() && request.account != by.account)) {
    return fail(ErrorCode::kDenied,
                "people make tokens for themselves, signed in with their password");
  }
  return by.account;
}

}  // namespace

Result<Tokens::Made> Tokens::add(const Principal& by,
                                 const TokenRequest& request,
                                 std::int64_t now) {
  const auto name = account_for(by, request);
  if (!name.has_value()) {
    return std::unexpected{name.error()};
  }
  if (auto rights = accounts_->rights_now(by); !rights.has_value()) {
    return std::unexpected{std::move(rights).error()};
  }
  const auto read = read_account(*database_, *name);
  const auto tokens = read_tokens(*database_);
  if (!read.has_value() || !tokens.has_value()) {
    return std::unexpected{read.has_value() ? tokens.error() : read.error()};
  }
  const std::optional<Account>& account = *read;
  if (!account.has_value()) {
    return no_such_account(*name);
  }
  const Rights wanted{
      .role = request.role,
      .organizations = request.organizations.value_or(account->rights.organizations)};
  if (auto checked = check_request(request, wanted, *account, now); !checked.has_value()) {
    return std::unexpected{checked.error()};
  }
  const auto count = std::ranges::count(*tokens, *name, &ApiToken::account);
  if (static_cast<std::size_t>(count) >= kMostOfAccount) {
    return fail(ErrorCode::kConflict,
                *name + " has " + std::to_string(kMostOfAccount) + " tokens; revoke one first");
  }
  Made made;
  made.secret = std::string{kPrefix} + random_secret();
  made.token.digest = digest_of_secret(made.secret);
  made.token.id = random_id();
  made.token.name = request.name;
  made.token.account = *name;
  made.token.rights = wanted;
  made.token.created = now;
  made.token.expires = request.expires;
  StateBatch batch;
  put(batch, made.token);
  auto written = commit_audited(*database_,
                                std::move(batch),
                                {.time = now,
                                 .who = by.name,
                                 .action = "token.add",
                                 .subject = subject_of(made.token),
                                 .before = {},
                                 .after = describe(wanted),
                                 .organization = {}});
  if (!written.has_value()) {
    return std::unexpected{written.error()};
  }
  return made;
}

Result<std::vector<ApiToken>> Tokens::list(const Principal& by) const {
  const auto rights = accounts_->rights_now(by);
  auto tokens = read_tokens(*database_);
  const auto accounts = read_accounts(*database_);
  if (!rights.has_value()) {
    return std::unexpected{rights.error()};
  }
  if (!tokens.has_value() || !accounts.has_value()) {
    return std::unexpected{tokens.has_value() ? accounts.error() : tokens.error()};
  }
  std::erase_if(*tokens, [&](const ApiToken& token) {
    const auto account = std::ranges::find(*accounts, token.account, &Account::name);
    const bool is_own = !by.account.empty() && token.account == by.account;
    const bool is_seen = rights->role == Role::kAdmin && account != accounts->end() &&
                         includes(rights->organizations, account->rights.organizations);
    return !is_own && !is_seen;
  });
  std::ranges::sort(*tokens, {}, [](const ApiToken& token) {
    return std::tie(token.account, token.name, token.id);
  });
  return tokens;
}

Result<void> Tokens::revoke(const Principal& by, std::string_view id) {
  const auto tokens = list(by);
  if (!tokens.has_value()) {
    return std::unexpected{tokens.error()};
  }
  const auto token = std::ranges::find(*tokens, id, &ApiToken::id);
  if (token == tokens->end()) {
    return fail(ErrorCode::kNotFound, "there is no API token " + std::string{id});
  }
  if (by.means == Principal::Means::kToken && by.role != Role::kAdmin) {
    return fail(ErrorCode::kDenied, "a token that is no admin's revokes none; sign in for that");
  }
  StateBatch batch;
  batch.remove(Table::kTokens, token->digest);
  return commit_audited(*database_,
                        std::move(batch),
                        {.who = by.name,
                         .action = "token.revoke",
                         .subject = subject_of(*token),
                         .before = describe(token->rights),
                         .after = {},
                         .organization = {}});
}

Result<std::optional<Principal>> Tokens::use(std::string_view secret, std::int64_t now) {
  const std::string digest = digest_of_secret(secret);
  const auto read = database_->get(Table::kTokens, digest);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  if (!value.has_value()) {
    return std::nullopt;
  }
  auto token = decode_token(digest, *value);
  if (!token.has_value()) {
    return std::unexpected{std::move(token).error()};
  }
  const auto found = read_account(*database_, token->account);
  if (!found.has_value()) {
    return std::unexpected{found.error()};
  }
  const std::optional<Account>& account = *found;
  const bool is_over = token->expires != 0 && now >= token->expires;
  if (is_over || !account.has_value() || !account->is_enabled) {
    return std::nullopt;
  }
  if (const std::int64_t today = now - now % kDaySeconds; token->last_used < today) {
    token->last_used = today;
    StateBatch batch;
    put(batch, *token);
    // Of little use where the disk is full, and no reason to refuse.
    static_cast<void>(database_->commit(std::move(batch)));
  }
  Rights rights = narrowed(token->rights, account->rights);
  return Principal{.means = Principal::Means::kToken,
                   .name = subject_of(*token),
                   .role = rights.role,
                   .organizations = std::move(rights.organizations),
                   .account = account->name,
                   .session = {}};
}

Result<void> remove_tokens_of(const StateReader& reader,
                              std::string_view account,
                              StateBatch& batch) {
  return reader.for_each(
      Table::kTokens, "", "", [&](std::string_view key, std::string_view value) -> Result<bool> {
        const auto token = decode_token(key, value);
        if (!token.has_value() || token->account == account) {
          batch.remove(Table::kTokens, key);
        }
        return true;
      });
}

}  // namespace directory

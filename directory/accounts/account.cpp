// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/account.h"

#include "directory/accounts/principal.h"
#include "directory/store/fields.h"
#include "directory/store/state_database.h"
#include "policy/name/visible_text.h"
#include "policy/result.h"

#include <algorithm>
#include <cstddef>
#include <expected>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using policy::ErrorCode;
using policy::fail;
using policy::Result;

constexpr std::size_t kMostNameOctets = 64;
constexpr std::size_t kMostShownOctets = 256;

int rank_of(Role role) {
  switch (role) {
    case Role::kViewer: return 0;
    case Role::kOperator: return 1;
    case Role::kAdmin: return 2;
  }
  return 0;
}

void name_fields(auto& fields, auto& account, auto& scope) {
  fields.text("d", account.display_name);
  name_rights(fields, account.rights.role, scope);
  fields.text("h", account.password_hash);
  fields.flag("e", account.is_enabled);
  fields.number("c", account.created);
  fields.number("l", account.last_sign_in);
  fields.number("v", account.version);
}

Result<Account> decode_account(std::string_view key, std::string_view value) {
  Account account;
  account.name = key;
  StoredScope scope;
  FieldReader fields{value};
  name_fields(fields, account, scope);
  if (auto read = fields.status(); !read.has_value()) {
    return fail("read account " + account.name, read.error());
  }
  account.rights.organizations = scope.scope();
  return account;
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

Rights narrowed(const Rights& left, const Rights& right) {
  Rights both;
  both.role = rank_of(left.role) < rank_of(right.role) ? left.role : right.role;
  if (!left.organizations.has_value() || !right.organizations.has_value()) {
    both.organizations = left.organizations.has_value() ? left.organizations : right.organizations;
    return both;
  }
  std::set<std::string, std::less<>> common;
  std::ranges::set_intersection(
      *left.organizations, *right.organizations, std::inserter(common, common.end()));
  both.organizations = std::move(common);
  return both;
}

bool includes(const Rights& left, const Rights& right) {
  return rank_of(left.role) >= rank_of(right.role) &&
         includes(left.organizations, right.organizations);
}

Result<std::string> parse_account_name(std::string_view text) {
  std::string name{text};
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const bool is_name =
      !name.empty() && name.size() <= kMostNameOctets && is_letter_or_digit(name.front()) &&
      std::ranges::all_of(name, [](char c) {
        return is_letter_or_digit(c) || std::string_view{"._-+@"}.find(c) != std::string_view::npos;
      });
  if (!is_name) {
    return fail(ErrorCode::kInvalidInput,
                "an account's name has 1 to 64 letters a to z, digits, and . _ - + @ after the "
                "first one; take such a name, or an e-mail address");
  }
  if (name == "root" || name == "fromguard-directory") {
    return fail(ErrorCode::kInvalidInput,
                "the audit log has the name " + name + " for somebody else; take another one");
  }
  return name;
}

Result<void> check_shown_name(std::string_view what, std::string_view text) {
  if (text.size() > kMostShownOctets || policy::visible_text(text) != text) {
    return fail(ErrorCode::kInvalidInput,
                std::string{what} +
                    " has more than 256 octets, or characters that cannot be seen; shorten it or "
                    "type it anew");
  }
  return {};
}

Result<std::optional<Account>> read_account(const StateReader& reader, std::string_view name) {
  const auto read = reader.get(Table::kAccounts, name);
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  const std::optional<std::string>& value = *read;
  if (!value.has_value()) {
    return std::nullopt;
  }
  return decode_account(name, *value);
}

Result<std::vector<Account>> read_accounts(const StateReader& reader) {
  std::vector<Account> accounts;
  const auto read = reader.for_each(
      Table::kAccounts, "", "", [&](std::string_view key, std::string_view value) -> Result<bool> {
        auto account = decode_account(key, value);
        if (!account.has_value()) {
          return std::unexpected{std::move(account).error()};
        }
        accounts.push_back(*std::move(account));
        return true;
      });
  if (!read.has_value()) {
    return std::unexpected{read.error()};
  }
  return accounts;
}

Result<bool> has_accounts(const StateReader& reader) {
  const auto cursor = reader.cursor(Table::kAccounts, "", "");
  if (auto read = cursor->status(); !read.has_value()) {
    return std::unexpected{read.error()};
  }
  return cursor->is_valid();
}

void put_account(StateBatch& batch, const Account& account) {
  const StoredScope scope{account.rights.organizations};
  FieldWriter fields;
  name_fields(fields, account, scope);
  batch.put(Table::kAccounts, account.name, fields.finish());
}

void remove_account(StateBatch& batch, std::string_view name) {
  batch.remove(Table::kAccounts, name);
}

std::string describe(const Rights& rights) {
  std::string text{word_of(rights.role)};
  if (!rights.organizations.has_value()) {
    return text;
  }
  std::string_view before = " of ";
  for (const std::string& organization : *rights.organizations) {
    text += std::string{before} + organization;
    before = ", ";
  }
  return rights.organizations->empty() ? text + " of no organization" : text;
}

std::string describe(const Account& account) {
  std::string text = describe(account.rights);
  if (!account.display_name.empty()) {
    text += ", " + account.display_name;
  }
  return account.is_enabled ? text : text + ", disabled";
}

StoredScope::StoredScope(const OrganizationScope& scope) : is_everything(!scope.has_value()) {
  if (scope.has_value()) {
    organizations.assign(scope->begin(), scope->end());
  }
}

OrganizationScope StoredScope::scope() const {
  if (is_everything) {
    return std::nullopt;
  }
  return std::set<std::string, std::less<>>(organizations.begin(), organizations.end());
}

}  // namespace directory

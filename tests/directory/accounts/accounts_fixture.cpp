// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/accounts/accounts_fixture.h"

#include "directory/accounts/access_control.h"
#include "directory/accounts/account.h"
#include "directory/accounts/principal.h"
#include "directory/http/client.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {

using directory::Principal;
using directory::Role;

AccountsTest::AccountsTest() {
  restart();
}

void AccountsTest::restart(std::int64_t now) {
  access_.reset();
  database_.reset();
  database_ = directory::StateDatabase::open(folder_.path() / "state").value();
  access_ = directory::AccessControl::open(*database_, now, kFastPasswords).value();
}

Principal AccountsTest::root() {
  Principal principal;
  principal.means = Principal::Means::kSocket;
  principal.name = "root";
  principal.role = Role::kAdmin;
  return principal;
}

void AccountsTest::add(const std::string& name,
                       Role role,
                       std::initializer_list<const char*> organizations) {
  directory::NewAccount account;
  account.name = name;
  account.rights = {.role = role, .organizations = {}};
  if (organizations.size() > 0) {
    account.rights.organizations.emplace(organizations.begin(), organizations.end());
  }
  const auto made = await(io_, access().add_account(root(), std::move(account), kPassword, kNow));
  ASSERT_TRUE(made.has_value()) << made.error().error.message;
}

directory::Admitted<directory::SignedIn> AccountsTest::try_sign_in(const std::string& name,
                                                                   const std::string& password,
                                                                   const std::string& address,
                                                                   std::int64_t now) {
  directory::SignInAttempt attempt;
  attempt.name = name;
  attempt.password = password;
  attempt.client_address = address;
  return await(io_, access().sign_in(std::move(attempt), now));
}

directory::SignedIn AccountsTest::sign_in(const std::string& name, std::int64_t now) {
  return try_sign_in(name, kPassword, "192.0.2.1", now).value();
}

directory::Authenticated AccountsTest::with_cookie(const std::string& set_cookie,
                                                   std::int64_t now) {
  const directory::HttpHeaders headers{{"Cookie", set_cookie.substr(0, set_cookie.find(';'))}};
  return access().authenticate(headers, "192.0.2.1", now).value();
}

directory::Authenticated AccountsTest::with_bearer(const std::string& secret,
                                                   std::int64_t now,
                                                   const std::string& address) {
  const directory::HttpHeaders headers{{"Authorization", "Bearer " + secret}};
  return access().authenticate(headers, address, now).value();
}

Principal AccountsTest::session_of(const std::string& name, std::int64_t now) {
  return with_cookie(sign_in(name, now).set_cookie, now).principal.value();
}

void AccountsTest::damage(directory::Table table, std::string_view key, std::string_view value) {
  directory::StateBatch batch;
  batch.put(table, key, value);
  ASSERT_TRUE(database_->commit(std::move(batch)).has_value());
}

std::vector<directory::AuditEntry> AccountsTest::audit_log() {
  return directory::Records{*database_}.audit_log(1000, 0).value();
}

std::int64_t AccountsTest::audited(std::string_view action) {
  const auto log = audit_log();
  return std::ranges::count(log, action, &directory::AuditEntry::action);
}

}  // namespace tests

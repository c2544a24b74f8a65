// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "directory/accounts/access_control.h"
#include "directory/accounts/account.h"
#include "directory/accounts/principal.h"
#include "directory/accounts/secrets.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "directory/task.h"
#include "policy/result.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests {

/// As cheap as libsodium lets it be.
inline constexpr directory::PasswordCost kFastPasswords{.passes = 1, .memory_octets = 8192};

inline constexpr std::int64_t kNow = 1'700'000'000;
inline constexpr const char* kPassword = "correct horse battery";

/// What comes of a coroutine that is run to its end.
template <typename T>
T await(boost::asio::io_context& io, directory::Task<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& failure, T value) {
    EXPECT_EQ(failure, nullptr);
    result = std::move(value);
  });
  io.restart();
  io.run();
  return *std::move(result);
}

/// A state database with the accounts on it, opened and opened again.
class AccountsTest : public ::testing::Test {
 protected:
  AccountsTest();

  /// Closes everything and opens it as a daemon that is started at this time.
  void restart(std::int64_t now = kNow);

  /// The Unix socket.
  static directory::Principal root();

  /// Makes an account with `kPassword`, as root.
  void add(const std::string& name,
           directory::Role role,
           std::initializer_list<const char*> organizations = {});

  /// Signs in, as it must succeed.
  directory::SignedIn sign_in(const std::string& name, std::int64_t now = kNow);

  directory::Admitted<directory::SignedIn> try_sign_in(const std::string& name,
                                                       const std::string& password,
                                                       const std::string& address = "192.0.2.1",
                                                       std::int64_t now = kNow);

  /// Who a request with this Set-Cookie's cookie is from.
  directory::Authenticated with_cookie(const std::string& set_cookie, std::int64_t now = kNow);
  directory::Authenticated with_bearer(const std::string& secret,
                                       std::int64_t now = kNow,
                                       const std::string& address = "192.0.2.1");

  /// The principal of a new session of the account.
  directory::Principal session_of(const std::string& name, std::int64_t now = kNow);

  /// Replaces what the database has under this key.
  void damage(directory::Table table, std::string_view key, std::string_view value);

  std::vector<directory::AuditEntry> audit_log();

  /// How often the audit log has this action.
  std::int64_t audited(std::string_view action);

  directory::AccessControl& access() { return *access_; }

  directory::Accounts& accounts() { return access_->accounts(); }

  TemporaryFolder folder_;
  boost::asio::io_context io_;
  std::unique_ptr<directory::StateDatabase> database_;
  std::unique_ptr<directory::AccessControl> access_;
};

}  // namespace tests

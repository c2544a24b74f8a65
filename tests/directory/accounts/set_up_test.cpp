// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/set_up.h"

#include "directory/accounts/access_control.h"
#include "directory/accounts/principal.h"
#include "directory/store/state_database.h"
#include "policy/result.h"
#include "tests/directory/accounts/accounts_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace directory {
namespace {

using policy::ErrorCode;
using tests::kNow;

class SetUpTest : public tests::AccountsTest {
 protected:
  std::string new_secret(std::int64_t now = kNow) {
    return access().set_up().renew("root", now).value().value().secret;
  }

  static SetUpAttempt attempt(const std::string& secret, const std::string& name = "ada") {
    SetUpAttempt made;
    made.secret = secret;
    made.name = name;
    made.password = tests::kPassword;
    made.client_address = "192.0.2.1";
    return made;
  }

  Admitted<SignedIn> redeem(const std::string& secret, std::int64_t now = kNow) {
    return tests::await(io_, access().redeem(attempt(secret), now));
  }
};

TEST_F(SetUpTest, MakesTheFirstAdminOnceAndSignsIn) {
  const std::string secret = new_secret();
  const auto made = redeem(secret);
  ASSERT_TRUE(made.has_value());
  EXPECT_TRUE(made->account.is_full_admin());
  EXPECT_EQ(with_cookie(made->set_cookie).principal->name, "ada");
  EXPECT_EQ(redeem(secret).error().error.code, ErrorCode::kDenied);
  EXPECT_EQ(access().set_up().renew("root", kNow).value(), std::nullopt);
  EXPECT_EQ(audited("setup.redeem"), 1);
}

TEST_F(SetUpTest, KeepsTheDigestAlone) {
  const std::string secret = new_secret();
  const std::string stored = database_->get(Table::kSetUp, "secret").value().value_or("");
  EXPECT_NE(stored, "");
  EXPECT_EQ(stored.find(secret), std::string::npos);
}

TEST_F(SetUpTest, ANewSecretReplacesTheOldOneAndADayEndsIt) {
  const std::string old = new_secret();
  const std::string secret = new_secret();
  EXPECT_FALSE(redeem(old).has_value());
  EXPECT_FALSE(redeem(secret, kNow + 86'400).has_value());
  restart();
  EXPECT_TRUE(redeem(secret, kNow + 86'399).has_value());
}

TEST_F(SetUpTest, ARaceMakesOneAccount) {
  const std::string secret = new_secret();
  int made = 0;
  int denied = 0;
  for (const std::string name : {"ada", "bob", "eve"}) {
    boost::asio::co_spawn(io_,
                          access().redeem(attempt(secret, name), kNow),
                          [&](const std::exception_ptr&, const Admitted<SignedIn>& signed_in) {
                            made += signed_in.has_value() ? 1 : 0;
                            const bool is_denied =
                                !signed_in.has_value() &&
                                signed_in.error().error.code == ErrorCode::kDenied;
                            denied += is_denied ? 1 : 0;
                          });
  }
  io_.restart();
  io_.run();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(denied, 2);
  EXPECT_EQ(accounts().list(root())->size(), 1U);
}

TEST_F(SetUpTest, IsNotUsedUpByWhatWillNotDo) {
  const std::string secret = new_secret();
  for (int i = 0; i < 10; ++i) {
    SetUpAttempt weak = attempt(secret);
    weak.password = "short";
    EXPECT_EQ(tests::await(io_, access().redeem(std::move(weak), kNow)).error().error.code,
              ErrorCode::kInvalidInput);
  }
  SetUpAttempt unnamed = attempt(secret, "a b");
  EXPECT_EQ(tests::await(io_, access().redeem(std::move(unnamed), kNow)).error().error.code,
            ErrorCode::kInvalidInput);
  EXPECT_TRUE(redeem(secret).has_value());
}

TEST_F(SetUpTest, MakesGuessersWait) {
  const std::string secret = new_secret();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(redeem("guess").error().retry_after, 0);
  }
  EXPECT_EQ(redeem(secret).error().retry_after, 1);
  EXPECT_TRUE(redeem(secret, kNow + 1).has_value());
}

TEST_F(SetUpTest, ThereIsNoneBesideADamagedAccount) {
  const std::string secret = new_secret();
  damage(Table::kAccounts, "ada", "no json");
  EXPECT_FALSE(redeem(secret).has_value());
  EXPECT_EQ(access().set_up().renew("root", kNow).value(), std::nullopt);
}

TEST_F(SetUpTest, ADamagedSecretIsGoodForNothing) {
  for (const std::string value : {"no json", "{}", R"({"x":99999999999})"}) {
    damage(Table::kSetUp, "secret", value);
    EXPECT_FALSE(access().set_up().is_secret("", kNow).value()) << value;
  }
}

}  // namespace
}  // namespace directory

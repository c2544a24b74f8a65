// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/access_control.h"

#include "directory/accounts/account.h"
#include "directory/accounts/accounts.h"
#include "directory/accounts/principal.h"
#include "directory/accounts/secrets.h"
#include "directory/store/records.h"
#include "policy/result.h"
#include "tests/directory/accounts/accounts_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace directory {
namespace {

using policy::ErrorCode;
using tests::kNow;
using tests::kPassword;

class AccessControlTest : public tests::AccountsTest {
 protected:
  AccessControlTest() {
    add("ada", Role::kAdmin);
    add("bob", Role::kViewer);
  }

  std::int64_t wait_of(const std::string& name,
                       const std::string& password,
                       const std::string& address,
                       std::int64_t now = kNow) {
    const auto attempt = try_sign_in(name, password, address, now);
    return attempt.has_value() ? 0 : attempt.error().retry_after;
  }
};

TEST_F(AccessControlTest, AnswersAWrongNameAWrongPasswordAndADisabledAccountAlike) {
  AccountChange change;
  change.is_enabled = false;
  ASSERT_TRUE(accounts().change(root(), "bob", change, {}).has_value());
  const auto unknown = try_sign_in("nobody", kPassword);
  const auto unnamed = try_sign_in("no name", kPassword);
  const auto wrong = try_sign_in("ada", "wrong");
  const auto disabled = try_sign_in("bob", kPassword);
  for (const auto* attempt : {&unknown, &unnamed, &wrong, &disabled}) {
    EXPECT_EQ(attempt->error().error.code, ErrorCode::kDenied);
    EXPECT_EQ(attempt->error().error.message, wrong.error().error.message);
    EXPECT_EQ(attempt->error().retry_after, 0);
  }
}

TEST_F(AccessControlTest, TakesTheNameInAnyCaseAndNotesTheSignIn) {
  const auto signed_in = try_sign_in("ADA", kPassword);
  ASSERT_TRUE(signed_in.has_value());
  EXPECT_EQ(accounts().find(root(), "ada")->last_sign_in, kNow);
  EXPECT_EQ(audited("session.begin"), 1);
  EXPECT_FALSE(try_sign_in("ada", std::string(2000, 'x')).has_value());
}

TEST_F(AccessControlTest, MakesThoseWaitWhoGuessAnAccountFromManyAddresses) {
  for (const std::string name : {"ada", "nobody"}) {
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(wait_of(name, "wrong", "198.51.100." + std::to_string(i)), 0);
    }
    EXPECT_EQ(wait_of(name, kPassword, "203.0.113.1"), 1) << name;
  }
  EXPECT_EQ(wait_of("bob", kPassword, "203.0.113.1"), 0) << "others do not wait";
  EXPECT_TRUE(try_sign_in("ada", kPassword, "203.0.113.1", kNow + 1).has_value());
  EXPECT_EQ(wait_of("ada", "wrong", "203.0.113.1", kNow + 1), 0) << "success resets the account";
}

TEST_F(AccessControlTest, MakesThoseWaitWhoGuessManyAccountsFromOneNetwork) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(wait_of("user" + std::to_string(i), "wrong", "2001:db8::" + std::to_string(i)), 0);
  }
  EXPECT_EQ(wait_of("ada", kPassword, "2001:db8::99"), 1);
  EXPECT_EQ(wait_of("ada", kPassword, "2001:db8:0:1::99"), 0);
  EXPECT_TRUE(try_sign_in("ada", kPassword, "2001:db8::1", kNow + 1).has_value());
  EXPECT_EQ(wait_of("ada", "wrong", "2001:db8::1", kNow + 1), 0);
  EXPECT_EQ(wait_of("bob", kPassword, "2001:db8::1", kNow + 1), 2)
      << "success does not reset the address";
}

TEST_F(AccessControlTest, ManyAttemptsAtOnceAreAsManyFailures) {
  int checked = 0;
  int waiting = 0;
  for (int i = 0; i < 20; ++i) {
    SignInAttempt attempt;
    attempt.name = "ada";
    attempt.password = "wrong";
    attempt.client_address = "198.51.100." + std::to_string(i);
    boost::asio::co_spawn(io_,
                          access().sign_in(std::move(attempt), kNow),
                          [&](const std::exception_ptr&, const Admitted<SignedIn>& result) {
                            (result.error().retry_after == 0 ? checked : waiting) += 1;
                          });
  }
  io_.restart();
  io_.run();
  EXPECT_EQ(checked, 5);
  EXPECT_EQ(waiting, 15);
}

TEST_F(AccessControlTest, SomebodyWhoIsDisabledWhileThePasswordIsCheckedStaysOut) {
  SignInAttempt attempt;
  attempt.name = "bob";
  attempt.password = kPassword;
  bool is_in = true;
  boost::asio::co_spawn(io_,
                        access().sign_in(std::move(attempt), kNow),
                        [&](const std::exception_ptr&, const Admitted<SignedIn>& result) {
                          is_in = result.has_value();
                        });
  io_.restart();
  io_.poll_one();
  AccountChange change;
  change.is_enabled = false;
  ASSERT_TRUE(accounts().change(root(), "bob", change, {}).has_value());
  io_.run();
  EXPECT_FALSE(is_in);
  EXPECT_EQ(access().sessions().size(), 0U);
}

TEST_F(AccessControlTest, AnAdminWhoIsDisabledMeanwhileAddsNobody) {
  add("cleo", Role::kAdmin);
  const Principal cleo = session_of("cleo");
  NewAccount account;
  account.name = "mallory";
  account.rights.organizations = std::nullopt;
  bool is_added = true;
  boost::asio::co_spawn(io_,
                        access().add_account(cleo, account, kPassword, kNow),
                        [&](const std::exception_ptr&, const Admitted<Account>& result) {
                          is_added = result.has_value();
                        });
  io_.restart();
  io_.poll_one();
  ASSERT_TRUE(accounts().remove(root(), "cleo", {}).has_value());
  io_.run();
  EXPECT_FALSE(is_added);
}

TEST_F(AccessControlTest, CountsFailuresInTheAuditLogInsteadOfWritingEachOne) {
  for (std::int64_t i = 0; i < 5; ++i) {
    static_cast<void>(try_sign_in("ada", "wrong", "192.0.2.1"));
  }
  EXPECT_EQ(audited("session.fail"), 0);
  ASSERT_TRUE(access().sweep(kNow + 60).has_value());
  EXPECT_EQ(audited("session.fail"), 1);
  const auto log = audit_log();
  EXPECT_EQ(log.front().subject, "ada");
  EXPECT_EQ(log.front().who, "client 192.0.2.1");
  EXPECT_EQ(log.front().after, "5 failures");
  for (int i = 0; i < 200; ++i) {
    static_cast<void>(try_sign_in(
        "password" + std::to_string(i), "wrong", "10.0.0." + std::to_string(i), kNow + 100));
  }
  ASSERT_TRUE(access().sweep(kNow + 200).has_value());
  EXPECT_EQ(audited("session.fail"), 1 + 31);
  const auto flooded = audit_log();
  EXPECT_TRUE(std::ranges::none_of(flooded, [](const AuditEntry& entry) {
    return entry.subject.starts_with("password");
  })) << "what somebody types as a name may be a password";
}

TEST_F(AccessControlTest, WritesTheFailuresOfTheLastMinuteWhenItEnds) {
  static_cast<void>(try_sign_in("ada", "wrong"));
  restart();
  EXPECT_EQ(audited("session.fail"), 1);
}

TEST_F(AccessControlTest, RefusesACookieBesideATokenAndTwoCookies) {
  const SignedIn ada = sign_in("ada");
  const std::string cookie = ada.set_cookie.substr(0, ada.set_cookie.find(';'));
  for (const HttpHeaders& headers :
       {HttpHeaders{{"Cookie", cookie}, {"Authorization", "Bearer fg_x"}},
        HttpHeaders{{"Cookie", cookie + "; " + cookie}}}) {
    const auto found = access().authenticate(headers, "192.0.2.1", kNow);
    EXPECT_FALSE(found->principal.has_value());
    EXPECT_NE(found->refused_for, "");
  }
  const auto nobody = access().authenticate({}, "192.0.2.1", kNow);
  EXPECT_FALSE(nobody->principal.has_value());
  EXPECT_EQ(nobody->refused_for, "");
}

TEST_F(AccessControlTest, MovesPasswordsToTheCostOfToday) {
  access_.reset();
  access_ = AccessControl::open(*database_, kNow, {.passes = 2, .memory_octets = 16384}).value();
  const std::string old = accounts().find(root(), "ada")->password_hash;
  static_cast<void>(sign_in("ada"));
  const std::string better = accounts().find(root(), "ada")->password_hash;
  EXPECT_NE(better, old);
  static_cast<void>(sign_in("ada"));
  EXPECT_EQ(accounts().find(root(), "ada")->password_hash, better);
}

}  // namespace
}  // namespace directory

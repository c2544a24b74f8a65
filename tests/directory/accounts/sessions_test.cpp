// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/sessions.h"

#include "directory/accounts/access_control.h"
#include "directory/accounts/accounts.h"
#include "directory/accounts/principal.h"
#include "directory/store/state_database.h"
#include "tests/directory/accounts/accounts_fixture.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

using tests::kNow;

class SessionsTest : public tests::AccountsTest {
 protected:
  SessionsTest() { add("ada", Role::kAdmin); }

  bool is_good(const std::string& set_cookie, std::int64_t now) {
    return with_cookie(set_cookie, now).principal.has_value();
  }
};

TEST_F(SessionsTest, KnowsWhoASecretIsOf) {
  const SignedIn signed_in = sign_in("ada");
  const Authenticated found = with_cookie(signed_in.set_cookie);
  ASSERT_TRUE(found.principal.has_value());
  EXPECT_EQ(found.principal->means, Principal::Means::kSession);
  EXPECT_EQ(found.principal->name, "ada");
  EXPECT_EQ(found.principal->role, Role::kAdmin);
  EXPECT_TRUE(found.principal->is_unscoped());
  EXPECT_EQ(found.set_cookie, "");
  EXPECT_FALSE(is_good("__Host-fromguard=nonsense", kNow));
  EXPECT_FALSE(is_good("__Host-fromguard=", kNow));
  EXPECT_FALSE(is_good("__Host-fromguard=" + signed_in.session.id, kNow));
  EXPECT_FALSE(is_good("__Host-fromguard=" + signed_in.session.digest, kNow));
}

TEST_F(SessionsTest, KeepsNoSecretInTheDatabase) {
  const SignedIn signed_in = sign_in("ada");
  const std::string secret = with_cookie(signed_in.set_cookie).secret;
  ASSERT_EQ(secret.size(), 43U);
  const auto none_holds = database_->for_each(
      Table::kSessions,
      "",
      "",
      [&](std::string_view key, std::string_view value) -> policy::Result<bool> {
        EXPECT_EQ(key.find(secret), std::string_view::npos);
        EXPECT_EQ(value.find(secret), std::string_view::npos);
        return true;
      });
  EXPECT_TRUE(none_holds.has_value());
}

TEST_F(SessionsTest, GivesASecretThatTheBrowserDidNotHaveBefore) {
  const SignedIn before = sign_in("ada");
  SignInAttempt attempt;
  attempt.name = "ada";
  attempt.password = tests::kPassword;
  attempt.previous_session = before.session.id;
  const auto after = tests::await(io_, access().sign_in(std::move(attempt), kNow));
  ASSERT_TRUE(after.has_value());
  EXPECT_NE(after->set_cookie, before.set_cookie);
  EXPECT_NE(after->session.csrf_token, before.session.csrf_token);
  EXPECT_FALSE(is_good(before.set_cookie, kNow));
  EXPECT_TRUE(is_good(after->set_cookie, kNow));
}

TEST_F(SessionsTest, RotatesTheSecretAndTakesTheOldOneForAMinuteMore) {
  const SignedIn signed_in = sign_in("ada");
  EXPECT_EQ(with_cookie(signed_in.set_cookie, kNow + 899).set_cookie, "");
  const Authenticated rotated = with_cookie(signed_in.set_cookie, kNow + 900);
  ASSERT_TRUE(rotated.principal.has_value());
  ASSERT_NE(rotated.set_cookie, "");
  EXPECT_NE(rotated.set_cookie, signed_in.set_cookie);
  EXPECT_EQ(rotated.principal->session, signed_in.session.id);
  const Authenticated overlapping = with_cookie(signed_in.set_cookie, kNow + 959);
  EXPECT_TRUE(overlapping.principal.has_value());
  EXPECT_EQ(overlapping.set_cookie, "") << "one rotation for all requests under way";
  EXPECT_TRUE(is_good(rotated.set_cookie, kNow + 959));
  EXPECT_FALSE(is_good(signed_in.set_cookie, kNow + 960));
  EXPECT_TRUE(is_good(rotated.set_cookie, kNow + 960));
  EXPECT_TRUE(
      access().sessions().is_csrf_token(signed_in.session.id, signed_in.session.csrf_token));
  const Authenticated again = with_cookie(rotated.set_cookie, kNow + 1800);
  EXPECT_NE(again.set_cookie, "");
  EXPECT_FALSE(is_good(signed_in.set_cookie, kNow + 1801));
}

TEST_F(SessionsTest, EndsAnHourAfterItsLastUse) {
  const SignedIn signed_in = sign_in("ada");
  EXPECT_TRUE(is_good(signed_in.set_cookie, kNow + 800));
  EXPECT_FALSE(is_good(signed_in.set_cookie, kNow + 800 + 3600));
  EXPECT_EQ(access().sessions().size(), 1U);
  ASSERT_TRUE(access().sweep(kNow + 800 + 3600).has_value());
  EXPECT_EQ(access().sessions().size(), 0U);
}

TEST_F(SessionsTest, EndsTwelveHoursAfterItsBeginningHoweverOftenItIsUsed) {
  std::string cookie = sign_in("ada").set_cookie;
  std::int64_t now = kNow;
  for (; now < kNow + 12 * 3600; now += 1800) {
    const Authenticated found = with_cookie(cookie, now);
    ASSERT_TRUE(found.principal.has_value()) << now - kNow;
    cookie = found.set_cookie.empty() ? cookie : found.set_cookie;
  }
  EXPECT_FALSE(is_good(cookie, now));
}

TEST_F(SessionsTest, OutlivesARestartOfTheDaemon) {
  const SignedIn signed_in = sign_in("ada");
  const std::string rotated = with_cookie(signed_in.set_cookie, kNow + 900).set_cookie;
  restart(kNow + 930);
  EXPECT_TRUE(is_good(rotated, kNow + 930));
  EXPECT_TRUE(is_good(signed_in.set_cookie, kNow + 930));
  EXPECT_FALSE(is_good(signed_in.set_cookie, kNow + 960));
  EXPECT_TRUE(
      access().sessions().is_csrf_token(signed_in.session.id, signed_in.session.csrf_token));
  restart(kNow + 930 + 3600);
  EXPECT_EQ(access().sessions().size(), 0U);
}

TEST_F(SessionsTest, IsWrittenOnceAMinuteAtMost) {
  const SignedIn signed_in = sign_in("ada");
  const auto written = [&] {
    return database_->get(Table::kSessions, signed_in.session.id).value().value();
  };
  const std::string first = written();
  for (std::int64_t second = 1; second < 60; ++second) {
    EXPECT_TRUE(is_good(signed_in.set_cookie, kNow + second));
  }
  EXPECT_EQ(written(), first);
  EXPECT_TRUE(is_good(signed_in.set_cookie, kNow + 60));
  EXPECT_NE(written(), first);
}

TEST_F(SessionsTest, ADamagedOneIsDroppedAndTheOthersStay) {
  const SignedIn broken = sign_in("ada");
  const SignedIn whole = sign_in("ada");
  for (const std::string value : {"no json", "{}", R"({"a":"ada"})", R"({"a":7})"}) {
    damage(Table::kSessions, broken.session.id, value);
    restart();
    EXPECT_FALSE(is_good(broken.set_cookie, kNow)) << value;
    EXPECT_TRUE(is_good(whole.set_cookie, kNow)) << value;
    EXPECT_EQ(database_->get(Table::kSessions, broken.session.id).value(), std::nullopt);
  }
}

TEST_F(SessionsTest, TheOldestEndsWhereAnAccountHasTooMany) {
  std::vector<std::string> cookies;
  for (std::int64_t i = 0; i < 21; ++i) {
    cookies.push_back(sign_in("ada", kNow + i).set_cookie);
  }
  EXPECT_EQ(access().sessions().size(), Sessions::kMostOfAccount);
  EXPECT_FALSE(is_good(cookies[0], kNow + 21));
  EXPECT_TRUE(is_good(cookies[1], kNow + 21));
  EXPECT_TRUE(is_good(cookies[20], kNow + 21));
}

TEST_F(SessionsTest, SignsOutOnceAndEverywhere) {
  const SignedIn here = sign_in("ada");
  const SignedIn there = sign_in("ada");
  const Principal ada = with_cookie(here.set_cookie).principal.value();
  ASSERT_TRUE(access().sign_out(ada).has_value());
  EXPECT_FALSE(is_good(here.set_cookie, kNow));
  EXPECT_TRUE(is_good(there.set_cookie, kNow));
  EXPECT_FALSE(accounts().list(ada).has_value()) << "a request under way has lost its rights";
  const Principal again = with_cookie(there.set_cookie).principal.value();
  ASSERT_TRUE(accounts().end_sessions(again, "ada").has_value());
  EXPECT_EQ(access().sessions().size(), 0U);
  EXPECT_EQ(audited("session.end"), 1);
  EXPECT_EQ(audited("account.sign_out"), 1);
}

TEST_F(SessionsTest, HasACsrfTokenOfItsOwn) {
  const SignedIn one = sign_in("ada");
  const SignedIn other = sign_in("ada");
  EXPECT_TRUE(access().sessions().is_csrf_token(one.session.id, one.session.csrf_token));
  EXPECT_FALSE(access().sessions().is_csrf_token(one.session.id, other.session.csrf_token));
  EXPECT_FALSE(access().sessions().is_csrf_token(one.session.id, ""));
  EXPECT_FALSE(access().sessions().is_csrf_token("", ""));
}

}  // namespace
}  // namespace directory

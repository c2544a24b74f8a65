// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/tokens.h"

#include "directory/accounts/accounts.h"
#include "directory/accounts/principal.h"
#include "directory/store/state_database.h"
#include "policy/result.h"
#include "tests/directory/accounts/accounts_fixture.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace directory {
namespace {

using policy::ErrorCode;
using tests::kNow;
using Names = std::set<std::string, std::less<>>;

class TokensTest : public tests::AccountsTest {
 protected:
  TokensTest() { add("ada", Role::kAdmin); }

  policy::Result<Tokens::Made> try_make(const Principal& by,
                                        Role role,
                                        std::optional<OrganizationScope> organizations = {},
                                        std::int64_t expires = 0,
                                        const std::string& account = "") {
    TokenRequest request;
    request.name = "backup";
    request.account = account;
    request.role = role;
    request.organizations = std::move(organizations);
    request.expires = expires;
    return access().tokens().add(by, request, kNow);
  }

  Principal use(const Tokens::Made& made, std::int64_t now = kNow) {
    return with_bearer(made.secret, now).principal.value_or(Principal{});
  }
};

TEST_F(TokensTest, AreShownOnceAndKnownByTheirDigestAlone) {
  const auto made = try_make(session_of("ada"), Role::kOperator);
  ASSERT_TRUE(made.has_value());
  EXPECT_TRUE(made->secret.starts_with("fg_"));
  const Principal principal = use(*made);
  EXPECT_EQ(principal.means, Principal::Means::kToken);
  EXPECT_EQ(principal.name, "token backup of ada");
  EXPECT_EQ(principal.account, "ada");
  EXPECT_EQ(principal.role, Role::kOperator);
  const std::string stored =
      database_->get(Table::kTokens, made->token.digest).value().value_or("");
  EXPECT_NE(stored, "");
  EXPECT_EQ(stored.find(made->secret.substr(3)), std::string::npos);
  EXPECT_EQ(use({.token = {}, .secret = made->token.digest}).means, Principal::Means::kNone);
  EXPECT_EQ(use({.token = {}, .secret = made->token.id}).means, Principal::Means::kNone);
}

TEST_F(TokensTest, HaveNeverMoreThanTheirAccount) {
  add("bob", Role::kOperator, {"contoso", "fabrikam"});
  const Principal bob = session_of("bob");
  EXPECT_EQ(try_make(bob, Role::kAdmin).error().code, ErrorCode::kDenied);
  EXPECT_EQ(try_make(bob, Role::kViewer, OrganizationScope{}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(try_make(bob, Role::kViewer, Names{"contoso", "acme"}).error().code,
            ErrorCode::kDenied);
  const auto made = try_make(bob, Role::kOperator);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(use(*made).organizations, (Names{"contoso", "fabrikam"}));

  AccountChange less;
  less.role = Role::kViewer;
  less.organizations = Names{"fabrikam", "acme"};
  ASSERT_TRUE(accounts().change(root(), "bob", less, {}).has_value());
  EXPECT_EQ(use(*made).role, Role::kViewer);
  EXPECT_EQ(use(*made).organizations, Names{"fabrikam"});

  AccountChange more;
  more.role = Role::kAdmin;
  more.organizations.emplace(std::nullopt);
  ASSERT_TRUE(accounts().change(root(), "bob", more, {}).has_value());
  EXPECT_EQ(use(*made).role, Role::kOperator) << "nor more than they were made with";
  EXPECT_EQ(use(*made).organizations, (Names{"contoso", "fabrikam"}));
}

TEST_F(TokensTest, StopWithTheirAccount) {
  add("bob", Role::kOperator);
  const auto made = try_make(session_of("bob"), Role::kViewer);
  ASSERT_TRUE(made.has_value());
  AccountChange change;
  change.is_enabled = false;
  ASSERT_TRUE(accounts().change(root(), "bob", change, {}).has_value());
  EXPECT_EQ(use(*made).means, Principal::Means::kNone);
  change.is_enabled = true;
  ASSERT_TRUE(accounts().change(root(), "bob", change, {}).has_value());
  EXPECT_EQ(use(*made).means, Principal::Means::kToken);
  ASSERT_TRUE(accounts().remove(root(), "bob", {}).has_value());
  EXPECT_EQ(use(*made).means, Principal::Means::kNone);
  add("bob", Role::kAdmin);
  EXPECT_EQ(use(*made).means, Principal::Means::kNone) << "an heir of the name inherits nothing";
}

TEST_F(TokensTest, EndWhenTheirTimeIsOver) {
  EXPECT_EQ(try_make(session_of("ada"), Role::kViewer, {}, kNow).error().code,
            ErrorCode::kInvalidInput);
  EXPECT_EQ(try_make(session_of("ada"), Role::kViewer, {}, -1).error().code,
            ErrorCode::kInvalidInput);
  const auto made = try_make(session_of("ada"), Role::kViewer, {}, kNow + 10);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(use(*made, kNow + 9).means, Principal::Means::kToken);
  EXPECT_EQ(use(*made, kNow + 10).means, Principal::Means::kNone);
}

TEST_F(TokensTest, AreMadeByPeopleForThemselves) {
  add("bob", Role::kOperator);
  const Principal ada = session_of("ada");
  EXPECT_EQ(try_make(ada, Role::kViewer, {}, 0, "bob").error().code, ErrorCode::kDenied);
  const auto made = try_make(ada, Role::kAdmin);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(try_make(use(*made), Role::kViewer).error().code, ErrorCode::kDenied)
      << "a token that leaks must not make others";
  EXPECT_EQ(try_make(Principal{}, Role::kViewer).error().code, ErrorCode::kDenied);
  EXPECT_EQ(try_make(root(), Role::kViewer).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(try_make(root(), Role::kViewer, {}, 0, "eve").error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(try_make(root(), Role::kViewer, {}, 0, "bob").has_value());
}

TEST_F(TokensTest, AreListedAndRevokedByTheirOwnerAndAdminsWhoSeeTheAccount) {
  add("bob", Role::kOperator, {"contoso"});
  add("eve", Role::kAdmin, {"fabrikam"});
  add("cleo", Role::kAdmin, {"contoso", "fabrikam"});
  const auto made = try_make(session_of("bob"), Role::kViewer);
  ASSERT_TRUE(made.has_value());
  const auto seen_by = [&](const Principal& by) { return access().tokens().list(by)->size(); };
  EXPECT_EQ(seen_by(session_of("bob")), 1U);
  EXPECT_EQ(seen_by(session_of("cleo")), 1U);
  EXPECT_EQ(seen_by(root()), 1U);
  EXPECT_EQ(seen_by(session_of("eve")), 0U);
  EXPECT_EQ(access().tokens().revoke(session_of("eve"), made->token.id).error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(access().tokens().revoke(use(*made), made->token.id).error().code, ErrorCode::kDenied);
  ASSERT_TRUE(access().tokens().revoke(session_of("cleo"), made->token.id).has_value());
  EXPECT_EQ(use(*made).means, Principal::Means::kNone);
  EXPECT_EQ(audited("token.add"), 1);
  EXPECT_EQ(audited("token.revoke"), 1);
}

TEST_F(TokensTest, SayOnWhichDayTheyWereUsedLast) {
  constexpr std::int64_t kDay = 86'400;
  constexpr std::int64_t kToday = kNow - kNow % kDay;
  const auto made = try_make(session_of("ada"), Role::kViewer);
  ASSERT_TRUE(made.has_value());
  const auto last_used = [&] { return access().tokens().list(root())->front().last_used; };
  EXPECT_EQ(last_used(), 0);
  static_cast<void>(use(*made, kToday + 5));
  EXPECT_EQ(last_used(), kToday);
  static_cast<void>(use(*made, kToday + kDay - 1));
  EXPECT_EQ(last_used(), kToday);
  static_cast<void>(use(*made, kToday + kDay));
  EXPECT_EQ(last_used(), kToday + kDay);
}

TEST_F(TokensTest, MakeGuessersWaitByAddress) {
  const auto made = try_make(session_of("ada"), Role::kViewer);
  ASSERT_TRUE(made.has_value());
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(with_bearer("fg_guess", kNow).retry_after, 0) << i;
  }
  EXPECT_EQ(with_bearer("fg_guess", kNow).retry_after, 1);
  EXPECT_EQ(with_bearer(made->secret, kNow).retry_after, 1) << "or guesses would go on";
  EXPECT_FALSE(with_bearer(made->secret, kNow).principal.has_value());
  EXPECT_TRUE(with_bearer(made->secret, kNow, "198.51.100.7").principal.has_value());
  EXPECT_TRUE(with_bearer(made->secret, kNow + 1).principal.has_value());
  ASSERT_TRUE(access().sweep(kNow + 120).has_value());
  EXPECT_EQ(audited("token.fail"), 1);
}

TEST_F(TokensTest, ADamagedOneAllowsNothing) {
  const auto made = try_make(session_of("ada"), Role::kAdmin);
  ASSERT_TRUE(made.has_value());
  damage(Table::kTokens, made->token.digest, R"({"i":"1","n":"backup","a":"ada","r":"?"})");
  EXPECT_EQ(use(*made).role, Role::kViewer);
  EXPECT_EQ(use(*made).organizations, Names{});
  damage(Table::kTokens, made->token.digest, "no json");
  const auto failed =
      access().authenticate({{"Authorization", "Bearer " + made->secret}}, "192.0.2.1", kNow);
  EXPECT_EQ(failed.error().code, ErrorCode::kInvalidInput);
}

TEST_F(TokensTest, AnAccountHasABoundedNumber) {
  const Principal ada = session_of("ada");
  for (std::size_t i = 0; i < Tokens::kMostOfAccount; ++i) {
    ASSERT_TRUE(try_make(ada, Role::kViewer).has_value());
  }
  EXPECT_EQ(try_make(ada, Role::kViewer).error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace directory

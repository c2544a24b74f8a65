// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/accounts.h"

#include "directory/accounts/access_control.h"
#include "directory/accounts/account.h"
#include "directory/accounts/principal.h"
#include "directory/store/state_database.h"
#include "policy/result.h"
#include "tests/directory/accounts/accounts_fixture.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace directory {
namespace {

using policy::ErrorCode;
using tests::kNow;
using tests::kPassword;
using Names = std::set<std::string, std::less<>>;

class AccountsOfPeopleTest : public tests::AccountsTest {
 protected:
  AccountsOfPeopleTest() { add("ada", Role::kAdmin); }

  ErrorCode failure_of(const Principal& by, const std::string& name, const AccountChange& change) {
    return accounts().change(by, name, change, {}).error().code;
  }

  std::size_t seen_by(const Principal& by) { return accounts().list(by).value().size(); }

  Admitted<Account> set_password(const Principal& by,
                                 const std::string& name,
                                 const std::string& password,
                                 const std::string& present = "",
                                 std::optional<std::uint64_t> expected = {}) {
    PasswordChange change;
    change.name = name;
    change.password = password;
    change.present = present;
    change.expected = expected;
    return tests::await(io_, access().set_password(by, std::move(change), kNow));
  }

  static AccountChange role(Role wanted) {
    AccountChange change;
    change.role = wanted;
    return change;
  }

  static AccountChange organizations(OrganizationScope wanted) {
    AccountChange change;
    change.organizations = std::move(wanted);
    return change;
  }

  static AccountChange enabled(bool wanted) {
    AccountChange change;
    change.is_enabled = wanted;
    return change;
  }
};

TEST(AccountName, IsLowerCaseOfASensibleSet) {
  EXPECT_EQ(parse_account_name("Ada.Lovelace+x@Contoso.COM").value(), "ada.lovelace+x@contoso.com");
  EXPECT_EQ(parse_account_name(std::string(64, 'a')).value().size(), 64U);
  for (const std::string& bad : {std::string{},
                                 std::string(65, 'a'),
                                 std::string{"a b"},
                                 std::string{".a"},
                                 std::string{"-a"},
                                 std::string{"a/b"},
                                 std::string{"\xc3\xa9"},
                                 std::string{"a\0b", 3},
                                 std::string{"root"},
                                 std::string{"Fromguard-Directory"}}) {
    EXPECT_FALSE(parse_account_name(bad).has_value()) << bad;
  }
}

TEST(RightsOfTwo, AreWhatBothAllow) {
  const Rights all{.role = Role::kAdmin, .organizations = std::nullopt};
  const Rights some{.role = Role::kOperator, .organizations = Names{"a", "b"}};
  const Rights other{.role = Role::kViewer, .organizations = Names{"b", "c"}};
  EXPECT_EQ(narrowed(all, some).role, Role::kOperator);
  EXPECT_EQ(narrowed(some, all).organizations, (Names{"a", "b"}));
  EXPECT_EQ(narrowed(some, other).role, Role::kViewer);
  EXPECT_EQ(narrowed(some, other).organizations, Names{"b"});
  EXPECT_EQ(narrowed(all, all).organizations, std::nullopt);
  EXPECT_TRUE(includes(all, some));
  EXPECT_FALSE(includes(some, all));
  EXPECT_FALSE(includes(some, other));
}

TEST_F(AccountsOfPeopleTest, AreListedAddedChangedAndRemovedWithTheirAudit) {
  add("Bob@Contoso.com", Role::kViewer);
  AccountChange change = role(Role::kOperator);
  change.display_name = "Bob Noyce";
  const auto changed = accounts().change(root(), "bob@contoso.com", change, 1);
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ(changed->version, 2U);
  EXPECT_EQ(changed->created, kNow);
  restart();
  const auto found = accounts().find(root(), "BOB@contoso.com");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->display_name, "Bob Noyce");
  EXPECT_EQ(found->rights.role, Role::kOperator);
  EXPECT_TRUE(found->is_enabled);
  EXPECT_EQ(seen_by(root()), 2U);
  ASSERT_TRUE(accounts().remove(root(), "bob@contoso.com", 2).has_value());
  EXPECT_EQ(accounts().find(root(), "bob@contoso.com").error().code, ErrorCode::kNotFound);
  const auto log = audit_log();
  ASSERT_EQ(log.size(), 4U);
  EXPECT_EQ(log[1].action, "account.change");
  EXPECT_EQ(log[1].before, "viewer");
  EXPECT_EQ(log[1].after, "operator, Bob Noyce");
  for (const auto& entry : log) {
    EXPECT_EQ((entry.before + entry.after).find("argon2"), std::string::npos);
  }
}

TEST_F(AccountsOfPeopleTest, AreForAdmins) {
  add("bob", Role::kOperator);
  const Principal bob = session_of("bob");
  EXPECT_EQ(accounts().list(bob).error().code, ErrorCode::kDenied);
  EXPECT_EQ(accounts().find(bob, "bob").error().code, ErrorCode::kDenied);
  EXPECT_EQ(failure_of(bob, "bob", role(Role::kAdmin)), ErrorCode::kDenied);
  EXPECT_EQ(accounts().remove(bob, "ada", {}).error().code, ErrorCode::kDenied);
  EXPECT_EQ(accounts().end_sessions(bob, "ada").error().code, ErrorCode::kDenied);
  EXPECT_EQ(accounts().list(Principal{}).error().code, ErrorCode::kDenied);
  Principal liar = bob;
  liar.role = Role::kAdmin;
  EXPECT_EQ(accounts().list(liar).error().code, ErrorCode::kDenied);
}

TEST_F(AccountsOfPeopleTest, RefuseANameThatIsTaken) {
  NewAccount account;
  account.name = "ADA";
  account.rights.organizations = std::nullopt;
  const auto again = tests::await(io_, access().add_account(root(), account, kPassword, kNow));
  EXPECT_EQ(again.error().error.code, ErrorCode::kConflict);
  account.name = "bob";
  const auto weak = tests::await(io_, access().add_account(root(), account, "short", kNow));
  EXPECT_EQ(weak.error().error.code, ErrorCode::kInvalidInput);
  account.display_name = "Bob\xe2\x80\xae";
  const auto hidden = tests::await(io_, access().add_account(root(), account, kPassword, kNow));
  EXPECT_EQ(hidden.error().error.code, ErrorCode::kInvalidInput);
}

TEST_F(AccountsOfPeopleTest, OfOtherOrganizationsAreAsIfTheyWereNotThere) {
  add("cleo", Role::kAdmin, {"contoso"});
  add("dan", Role::kViewer, {"contoso"});
  add("eve", Role::kViewer, {"contoso", "fabrikam"});
  add("fay", Role::kViewer, {"fabrikam"});
  const Principal cleo = session_of("cleo");
  EXPECT_EQ(seen_by(cleo), 2U);
  for (const std::string name : {"ada", "eve", "fay", "nobody"}) {
    const auto found = accounts().find(cleo, name);
    EXPECT_EQ(found.error().code, ErrorCode::kNotFound) << name;
    EXPECT_EQ(found.error().message, "there is no account " + name);
    EXPECT_EQ(failure_of(cleo, name, enabled(false)), ErrorCode::kNotFound);
    EXPECT_EQ(accounts().remove(cleo, name, {}).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(accounts().end_sessions(cleo, name).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(set_password(cleo, name, "another password").error().error.code,
              ErrorCode::kNotFound);
  }
  EXPECT_EQ(failure_of(cleo, "dan", organizations(Names{"fabrikam"})), ErrorCode::kNotFound);
  EXPECT_EQ(failure_of(cleo, "dan", organizations(std::nullopt)), ErrorCode::kNotFound);
  EXPECT_EQ(failure_of(cleo, "cleo", organizations(std::nullopt)), ErrorCode::kNotFound);
  NewAccount account;
  account.name = "gus";
  for (const OrganizationScope& scope :
       {OrganizationScope{}, OrganizationScope{Names{"fabrikam"}}}) {
    account.rights.organizations = scope;
    const auto added = tests::await(io_, access().add_account(cleo, account, kPassword, kNow));
    EXPECT_EQ(added.error().error.code, ErrorCode::kNotFound);
  }
  EXPECT_TRUE(accounts().change(cleo, "dan", role(Role::kOperator), {}).has_value());
}

TEST_F(AccountsOfPeopleTest, KeepOneAdminOfEverything) {
  add("bob", Role::kAdmin, {"contoso"});
  for (const AccountChange& change :
       {role(Role::kOperator), organizations(Names{"contoso"}), enabled(false)}) {
    EXPECT_EQ(failure_of(root(), "ada", change), ErrorCode::kConflict);
  }
  EXPECT_EQ(accounts().remove(root(), "ada", {}).error().code, ErrorCode::kConflict);
  add("cleo", Role::kAdmin);
  ASSERT_TRUE(accounts().change(root(), "cleo", enabled(false), {}).has_value());
  EXPECT_EQ(failure_of(root(), "ada", enabled(false)), ErrorCode::kConflict);
  ASSERT_TRUE(accounts().change(root(), "cleo", enabled(true), {}).has_value());
  ASSERT_TRUE(accounts().remove(session_of("ada"), "ada", {}).has_value());
  EXPECT_EQ(accounts().remove(session_of("cleo"), "cleo", {}).error().code, ErrorCode::kConflict);
}

TEST_F(AccountsOfPeopleTest, LoseNoUpdate) {
  add("bob", Role::kViewer);
  ASSERT_TRUE(accounts().change(root(), "bob", role(Role::kOperator), 1).has_value());
  const auto late = accounts().change(root(), "bob", enabled(false), 1);
  EXPECT_EQ(late.error().code, ErrorCode::kChanged);
  EXPECT_EQ(accounts().remove(root(), "bob", 1).error().code, ErrorCode::kChanged);
  EXPECT_EQ(set_password(root(), "bob", "another password", "", 1).error().error.code,
            ErrorCode::kChanged);
  static_cast<void>(sign_in("bob"));
  EXPECT_TRUE(accounts().change(root(), "bob", enabled(false), 2).has_value())
      << "signing in is no change";
}

TEST_F(AccountsOfPeopleTest, AreSignedOutWhenTheirRightsChange) {
  add("bob", Role::kViewer);
  for (const AccountChange& change :
       {role(Role::kOperator), organizations(Names{"contoso"}), enabled(false), enabled(true)}) {
    const auto signed_in = try_sign_in("bob", kPassword);
    ASSERT_TRUE(accounts().change(root(), "bob", change, {}).has_value());
    EXPECT_EQ(access().sessions().size(), 0U);
  }
  AccountChange name;
  name.display_name = "Bob Noyce";
  const Principal bob = session_of("bob");
  ASSERT_TRUE(accounts().change(root(), "bob", name, {}).has_value());
  EXPECT_TRUE(accounts().rights_now(bob).has_value());
}

TEST_F(AccountsOfPeopleTest, ChangeTheirOwnPasswordWithThePresentOne) {
  add("bob", Role::kViewer);
  const SignedIn here = sign_in("bob");
  const SignedIn there = sign_in("bob");
  const Principal bob = with_cookie(here.set_cookie).principal.value();
  EXPECT_EQ(set_password(bob, "bob", "another password", "wrong").error().error.code,
            ErrorCode::kDenied);
  EXPECT_EQ(set_password(bob, "ada", "another password", kPassword).error().error.code,
            ErrorCode::kDenied);
  EXPECT_EQ(set_password(bob, "bob", "short", kPassword).error().error.code,
            ErrorCode::kInvalidInput);
  ASSERT_TRUE(set_password(bob, "BOB", "another password", kPassword).has_value());
  EXPECT_TRUE(with_cookie(here.set_cookie).principal.has_value());
  EXPECT_FALSE(with_cookie(there.set_cookie).principal.has_value());
  EXPECT_FALSE(try_sign_in("bob", kPassword).has_value());
  EXPECT_TRUE(try_sign_in("bob", "another password").has_value());
}

TEST_F(AccountsOfPeopleTest, AdminsNeedThePresentPasswordForTheirOwnHoweverItIsWritten) {
  const Principal ada = session_of("ada");
  for (const std::string name : {"ada", "ADA", "Ada"}) {
    EXPECT_EQ(set_password(ada, name, "another password").error().error.code, ErrorCode::kDenied);
  }
  EXPECT_TRUE(try_sign_in("ada", kPassword).has_value());
  TokenRequest request;
  request.name = "t";
  request.role = Role::kAdmin;
  const auto made = access().tokens().add(ada, request, kNow);
  const Principal token = with_bearer(made->secret).principal.value();
  EXPECT_EQ(set_password(token, "ada", "another password", kPassword).error().error.code,
            ErrorCode::kDenied);
}

TEST_F(AccountsOfPeopleTest, PresentPasswordsCannotBeGuessedThroughASession) {
  const Principal ada = session_of("ada");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(set_password(ada, "ada", "another password", "guess").error().retry_after, 0);
  }
  EXPECT_EQ(set_password(ada, "ada", "another password", kPassword).error().retry_after, 1);
}

TEST_F(AccountsOfPeopleTest, OfDamagedRecordsAllowNothing) {
  add("bob", Role::kAdmin);
  const Principal bob = session_of("bob");
  damage(Table::kAccounts, "bob", R"({"r":"x","e":true})");
  EXPECT_EQ(accounts().rights_now(bob).value().role, Role::kViewer);
  EXPECT_EQ(accounts().rights_now(bob).value().organizations, Names{});
  EXPECT_FALSE(try_sign_in("bob", kPassword).has_value());
  damage(Table::kAccounts, "bob", "{}");
  EXPECT_EQ(accounts().rights_now(bob).error().code, ErrorCode::kDenied);
  damage(Table::kAccounts, "bob", "no json");
  EXPECT_EQ(accounts().rights_now(bob).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(try_sign_in("bob", kPassword).error().error.code, ErrorCode::kInvalidInput);
  EXPECT_TRUE(try_sign_in("ada", kPassword).has_value());
}

}  // namespace
}  // namespace directory

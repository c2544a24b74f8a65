// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/exception.h"

#include "policy/config/problems.h"
#include "policy/verdict/authentication.h"
#include "policy/verdict/decision.h"
#include "policy/verdict/finding.h"
#include "policy/verdict/policy.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace policy {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_days kToday{2026y / std::chrono::November / 22};

// What is said about the exceptions; empty if they are good.
std::string told(std::string_view exceptions) {
  Problems problems;
  const auto policy =
      Policy::parse("version: 1\nexceptions:\n" + std::string{exceptions}, "p", problems, kToday);
  EXPECT_EQ(policy.has_value(), !problems.has_errors());
  return problems.text();
}

constexpr std::string_view kBooking = R"(version: 1
exceptions:
  - name: booking
    person: ada@contoso.com
    from: ["*@calendly.example", desk@hotel.example]
    owner: it@contoso.com
    reason: assistants book
    expires: 2026-12-31
  - name: executives may
    group: Executives
    from: home
    authenticated: false
    owner: it@contoso.com
    reason: they asked
  - name: ticket system
    anyone: true
    from: tickets@contoso.example
    owner: it@contoso.com
    reason: agents answer in their names
lists:
  home: {entries: [ada@home.example]}
)";

class Exceptions : public testing::Test {
 protected:
  void SetUp() override {
    Problems problems;
    policy_ = Policy::parse(kBooking, "p", problems, kToday);
    ASSERT_TRUE(policy_.has_value()) << problems.text();
    finding_.person = "Ada Lovelace";
    finding_.person_addresses = {"ada@contoso.com", "al@contoso.com"};
    proved_.aligned_pass = true;
  }

  std::string excused(const std::string& from,
                      const AuthenticationResults* authentication,
                      std::chrono::sys_days day = kToday) {
    finding_.address = from;
    const PolicyException* exception = policy_->excuse({.finding = finding_,
                                                        .recipients = {},
                                                        .direction = Direction::kInbound,
                                                        .authentication = authentication,
                                                        .today = day});
    return exception == nullptr ? "" : exception->name;
  }

  std::optional<Policy> policy_;
  Finding finding_;
  AuthenticationResults proved_;
  AuthenticationResults nothing_;
};

TEST_F(Exceptions, HoldForThePersonFromTheListedSenderWithProof) {
  EXPECT_EQ(excused("no-reply@calendly.example", &proved_), "booking");
  EXPECT_EQ(excused("Desk@Hotel.example", &proved_), "booking");
  EXPECT_EQ(excused("no-reply@calendly.example", &nothing_), "");
  EXPECT_EQ(excused("no-reply@calendly.example", nullptr), "");
  EXPECT_EQ(excused("no-reply@mail.calendly.example", &proved_), "");
  EXPECT_EQ(excused("ada@freemail.example", &proved_), "");
}

TEST_F(Exceptions, DoNotHoldForOthers) {
  finding_.person_addresses = {"grace@contoso.com"};
  EXPECT_EQ(excused("no-reply@calendly.example", &proved_), "");
  EXPECT_EQ(excused("tickets@contoso.example", &proved_), "ticket system");
}

TEST_F(Exceptions, HoldToTheEndOfTheirLastDay) {
  const std::chrono::sys_days last{2026y / std::chrono::December / 31};
  EXPECT_EQ(excused("a@calendly.example", &proved_, last), "booking");
  EXPECT_EQ(excused("a@calendly.example", &proved_, last + std::chrono::days{1}), "");
}

TEST_F(Exceptions, OfGroupsMayNeedNoProof) {
  EXPECT_EQ(excused("ada@home.example", nullptr), "");
  finding_.person_groups = {"EXECUTIVES"};
  EXPECT_EQ(excused("ada@home.example", nullptr), "executives may");
}

TEST_F(Exceptions, NeverExcuseAFieldOfUnknownAuthor) {
  finding_.kind = FindingKind::kAmbiguousFrom;
  EXPECT_EQ(excused("tickets@contoso.example", &proved_), "");
}

TEST_F(Exceptions, TellWhetherAuthenticationWouldMatter) {
  finding_.address = "a@calendly.example";
  DecisionFacts facts{.finding = finding_, .recipients = {}, .today = kToday};
  EXPECT_TRUE(policy_->may_excuse(facts));
  finding_.address = "a@other.example";
  EXPECT_FALSE(policy_->may_excuse(facts));
}

TEST(ExceptionErrors, NameWhatIsMissing) {
  const std::string all = told("  - name: a\n    from: x@y.example\n");
  EXPECT_NE(all.find("p:3:5: an exception is for one person, one group or anyone"),
            std::string::npos)
      << all;
  EXPECT_NE(all.find("p:3:5: the key 'owner' is missing"), std::string::npos) << all;
  EXPECT_NE(all.find("p:3:5: the key 'reason' is missing"), std::string::npos) << all;
}

std::string exception(std::string_view name, std::string_view more) {
  return "  - {name: " + std::string{name} + ", owner: o, reason: r, " + std::string{more} + "}\n";
}

TEST(ExceptionErrors, AreToldWithTheirPlaces) {
  EXPECT_NE(told(exception("a", "person: ada, from: x@y.example")).find("p:3:44:"),
            std::string::npos);
  EXPECT_NE(told(exception("a", "anyone: false, from: x@y.example")).find("can only be true"),
            std::string::npos);
  EXPECT_NE(
      told(exception("a", "anyone: true, group: g, from: x@y.example")).find("for one person"),
      std::string::npos);
  EXPECT_NE(told(exception("a", "anyone: true, from: x@y.example, expires: 2027-02-30"))
                .find("'expires' cannot be '2027-02-30'; write a day like 2027-03-31"),
            std::string::npos);
  EXPECT_NE(told(exception("a", "anyone: true, from: x@y.example, expires: 31.3.2027"))
                .find("'expires' cannot be"),
            std::string::npos);
  EXPECT_NE(told(exception("a", "anyone: true, from: x@y.example") +
                 exception("a", "anyone: true, from: z@y.example"))
                .find("an exception named 'a' begins in line 3 already"),
            std::string::npos);
}

TEST(ExceptionErrors, AnExceptionThatAnotherCoversIsDead) {
  EXPECT_NE(told(exception("wide", "anyone: true, from: \"*@y.example\"") +
                 exception("narrow", "person: a@b.example, from: x@y.example"))
                .find("p:4:5: the exception 'narrow' can never be reached: the exception 'wide' in "
                      "line 3"),
            std::string::npos);
  EXPECT_EQ(told(exception("short", "anyone: true, from: \"*@y.example\", expires: 2027-03-31") +
                 exception("long", "person: a@b.example, from: x@y.example")),
            "");
  EXPECT_EQ(
      told(exception("proved", "anyone: true, from: x@y.example") +
           exception("not proved", "person: a@b.example, from: x@y.example, authenticated: false")),
      "");
}

TEST(ExceptionWarnings, TellOfExpiryAndOfForgeableDomains) {
  EXPECT_NE(told(exception("a", "anyone: true, from: x@y.example, expires: 2026-11-21"))
                .find("warning: this exception has expired on 2026-11-21 and is off"),
            std::string::npos);
  EXPECT_NE(told(exception("a", "anyone: true, from: x@y.example, expires: 2026-11-22"))
                .find("warning: this exception expires on 2026-11-22"),
            std::string::npos);
  EXPECT_EQ(told(exception("a", "anyone: true, from: x@y.example, expires: 2027-11-22")), "");
  EXPECT_NE(told(exception("a", "anyone: true, from: \"*@y.example\", authenticated: false"))
                .find("anybody who forges an address of the domain"),
            std::string::npos);
}

}  // namespace
}  // namespace policy

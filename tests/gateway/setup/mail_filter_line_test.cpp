// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/mail_filter_line.h"

#include "policy/result.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view kPlace = "inet:8897@127.0.0.1";
constexpr std::string_view kLine =
    "INPUT_MAIL_FILTER(`fromguard', `S=inet:8897@127.0.0.1, F=T, T=C:10s;S:30s;R:30s;E:2m')dnl\n";

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

MailFilterPlan with(std::string_view mc) {
  auto plan = with_mail_filter(mc, kPlace);
  EXPECT_TRUE(plan.has_value());
  return plan.value_or(MailFilterPlan{});
}

std::string text_without(std::string_view mc) {
  const auto plan = without_mail_filter(mc, kPlace);
  EXPECT_TRUE(plan.has_value());
  return plan.value_or(MailFilterPlan{}).text;
}

bool has_warning(const MailFilterPlan& plan, std::string_view part) {
  return plan.warnings.size() == 1 && contains(plan.warnings[0], part);
}

TEST(MailFilterLine, StandsAheadOfTheMailersAndCanBeTakenOut) {
  const std::string mc =
      "OSTYPE(`debian')dnl\ndnl MAILER(`x')\nMAILER_DEFINITIONS\nMAILER(`smtp')dnl\n";
  const MailFilterPlan plan = with(mc);
  EXPECT_EQ(plan.text,
            "OSTYPE(`debian')dnl\ndnl MAILER(`x')\n" + std::string{kLine} +
                "MAILER_DEFINITIONS\nMAILER(`smtp')dnl\n");
  EXPECT_EQ(plan.line_number, 3U);
  EXPECT_EQ(with(plan.text).text, plan.text);
  EXPECT_EQ(text_without(plan.text), mc);
}

TEST(MailFilterLine, StandsBehindTheFiltersThatAreThere) {
  const MailFilterPlan plan = with(
      "INPUT_MAIL_FILTER(`opendkim', `S=inet:8891@127.0.0.1')\n"
      "define(`confINPUT_MAIL_FILTERS', `opendkim')dnl\nMAILER(`smtp')\n");
  EXPECT_TRUE(contains(plan.text, "`opendkim')dnl\n" + std::string{kLine} + "MAILER("));
  EXPECT_EQ(plan.before, (Words{"opendkim"}));
}

TEST(MailFilterLine, ComesLastInAFileWithoutALineEnd) {
  EXPECT_EQ(with("OSTYPE(`linux')").text, "OSTYPE(`linux')\n" + std::string{kLine});
}

TEST(MailFilterLine, KeepsWhatAPersonHasWritten) {
  const std::string mc = "INPUT_MAIL_FILTER(`names', `S=inet:8897@localhost, F=T')dnl mine\n";
  EXPECT_EQ(with(mc).text, mc);
  EXPECT_TRUE(with(mc).warnings.empty());
  const MailFilterPlan moved = with("INPUT_MAIL_FILTER(`fromguard', `S=inet:1@127.0.0.1, F=T')\n");
  EXPECT_EQ(moved.text, "INPUT_MAIL_FILTER(`fromguard', `S=inet:8897@127.0.0.1, F=T')\n");
}

TEST(MailFilterLine, WarnsWhereMailWouldPassUnseenOrBounce) {
  EXPECT_TRUE(has_warning(with("INPUT_MAIL_FILTER(`fromguard', `S=inet:8897@127.0.0.1')\n"),
                          "line 1 has no F="));
  EXPECT_TRUE(has_warning(with("INPUT_MAIL_FILTER(`fromguard', `S=inet:8897@127.0.0.1, F=R')\n"),
                          "all mail bounces"));
}

TEST(MailFilterLine, IsLeftToAPersonOverSeveralLines) {
  const auto refused =
      with_mail_filter("INPUT_MAIL_FILTER(`fromguard',\n  `S=inet:1@::1')\n", kPlace);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, policy::ErrorCode::kInvalidInput);
  EXPECT_TRUE(contains(refused.error().message, "line 1"));
}

TEST(MailFilterLine, IsProvedByWhatM4MakesOfIt) {
  const std::string filter = "Xfromguard, S=inet:8897@127.0.0.1, F=T\n";
  EXPECT_EQ(fault_of_expansion("O InputMailFilters=a, fromguard\nXa, S=unix:/a\n" + filter, kPlace),
            "");
  EXPECT_TRUE(contains(fault_of_expansion("O InputMailFilters=a\n" + filter, kPlace),
                       "confINPUT_MAIL_FILTERS"));
  EXPECT_TRUE(contains(fault_of_expansion("O InputMailFilters=fromguard\n", kPlace), "m4"));
}

TEST(MailFilterLine, KnowsAFileThatReadsTheMacrosItself) {
  EXPECT_TRUE(includes_macros("divert(0)\ninclude(`/usr/share/sendmail/cf/m4/cf.m4')dnl\n"));
  EXPECT_FALSE(includes_macros("dnl include(`/usr/share/sendmail/cf/m4/cf.m4')\n"));
}

}  // namespace
}  // namespace gateway

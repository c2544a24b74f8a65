// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/settings.h"

#include "policy/config/problems.h"
#include "policy/result.h"
#include "policy/snapshot/generation_files.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

constexpr std::string_view kGood = R"(
state: state
snapshots: /srv/snapshots
organizations:
  - name: contoso
    domains: [Contoso.COM, a.example]
    directories:
      - {name: HR, type: csv, path: people.csv, sync: {every: 5m}}
      - {name: Contractors, type: csv, path: /srv/contractors.csv}
    protect: {groups: [Executives], people: [Ada@contoso.com], role_mailboxes: "Accounts Payable"}
    secondary_emails: {ada@contoso.com: [Ada@home.example], bob@contoso.com: bob@home.example}
)";

std::string with(std::string_view what, std::string_view by) {
  std::string text{kGood};
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

// What is told about this text, one problem a line; it must be refused.
std::string refusal(const std::string& text) {
  policy::Problems problems;
  EXPECT_FALSE(parse_settings(text, "/etc/fromguard/directory.yaml", problems).has_value()) << text;
  return problems.text();
}

TEST(Settings, AreReadWithTheirDefaults) {
  policy::Problems problems;
  const auto settings = parse_settings(kGood, "/etc/fromguard/directory.yaml", problems);
  ASSERT_TRUE(settings.has_value()) << problems.text();
  EXPECT_EQ(problems.text(), "");
  EXPECT_EQ(settings->state, "/etc/fromguard/state");
  EXPECT_EQ(settings->snapshots, "/srv/snapshots");
  EXPECT_EQ(settings->keep_generations, 3U);
  const OrganizationSettings& contoso = settings->organizations.at(0);
  EXPECT_EQ(contoso.domains, (std::vector<std::string>{"a.example", "contoso.com"}));
  EXPECT_EQ(contoso.directories.at(0).path, "/etc/fromguard/people.csv");
  EXPECT_EQ(contoso.directories.at(0).every, std::chrono::minutes{5});
  EXPECT_EQ(contoso.directories.at(1).path, "/srv/contractors.csv");
  EXPECT_EQ(contoso.directories.at(1).every, std::chrono::hours{1});
  EXPECT_EQ(contoso.protect.people, std::vector<std::string>{"ada@contoso.com"});
  EXPECT_EQ(contoso.protect.role_mailboxes, std::vector<std::string>{"Accounts Payable"});
  EXPECT_EQ(contoso.secondary_emails.at("ada@contoso.com"),
            std::vector<std::string>{"ada@home.example"});
  EXPECT_EQ(contoso.secondary_emails.at("bob@contoso.com"),
            std::vector<std::string>{"bob@home.example"});
}

TEST(Settings, TheShippedExampleIsRight) {
  policy::Problems problems;
  const auto settings = load_settings(FROMGUARD_SOURCE_DIR "/conf/directory.yaml", problems);
  EXPECT_TRUE(settings.has_value());
  EXPECT_EQ(problems.text(), "");
}

TEST(Settings, KeysWithoutEffectAreWarnedOf) {
  policy::Problems problems;
  const std::string text = with("state: state", "metrics: 127.0.0.1:9812\napi: {socket: /x}") +
                           "detections: /var/lib/fromguard/detections\n";
  EXPECT_TRUE(parse_settings(text, "d.yaml", problems).has_value());
  EXPECT_NE(problems.text().find("d.yaml:2:10: warning: 'metrics' has no effect"),
            std::string::npos)
      << problems.text();
  EXPECT_EQ(problems.all().size(), 3U);
}

TEST(Settings, AllErrorsAreToldAtTheirPlaces) {
  const std::string told = refusal(
      "stat: x\norganizations:\n  - name: a\n    domains: [not a domain]\n    directories:\n"
      "      - {name: HR, type: csv, path: x, sync: {evry: 5m}}\n"
      "    protect: {people: [ada]}\n");
  EXPECT_NE(told.find("directory.yaml:1:1: "), std::string::npos) << told;
  EXPECT_NE(told.find("directory.yaml:4:15: "), std::string::npos) << told;
  EXPECT_NE(told.find("directory.yaml:6:47: "), std::string::npos) << told;
  EXPECT_NE(told.find("'every'"), std::string::npos) << told;
  EXPECT_NE(told.find("directory.yaml:7:24: "), std::string::npos) << told;
}

TEST(Settings, Office365IsNotThereYet) {
  const std::string told =
      refusal(with("type: csv, path: people.csv, sync: {every: 5m}", "type: office365, tenant: x"));
  EXPECT_NE(told.find("not available in this version"), std::string::npos) << told;
  EXPECT_EQ(told.find("tenant"), std::string::npos) << told;
}

TEST(Settings, NamesAndDomainsAreUnique) {
  EXPECT_NE(refusal(with("name: Contractors", "name: HR")).find("two directories 'HR'"),
            std::string::npos);
  const std::string second =
      "  - {name: fabrikam, domains: [a.example], directories: [{name: A, type: csv, path: x}],"
      " protect: {groups: [G]}}\n";
  EXPECT_NE(refusal(std::string{kGood} + second).find("belongs to organization 'contoso' already"),
            std::string::npos);
  EXPECT_NE(refusal(std::string{kGood} +
                    "  - {name: contoso, domains: [b.example], directories: [{name: A, type: csv,"
                    " path: x}], protect: {groups: [G]}}\n")
                .find("two organizations 'contoso'"),
            std::string::npos);
}

TEST(Settings, WhatIsMissingOrWrongIsRefused) {
  for (const auto& [what, by] : std::vector<std::pair<std::string, std::string>>{
           {"  - name: contoso\n", "  - label: contoso\n"},
           {"    domains: [Contoso.COM, a.example]\n", ""},
           {"type: csv, path: people.csv,", "type: csv,"},
           {"type: csv, path: people.csv,", "type: ldap, path: people.csv,"},
           {"every: 5m", "every: 5"},
           {"every: 5m", "every: 10ms"},
           {"state: state", "keep_generations: 1"},
           {"state: state", "state: /srv/snapshots"},
           {"groups: [Executives]", "groups: [\"\"]"},
           {"{ada@contoso.com: [Ada@home.example]", "{ada: [Ada@home.example]"},
           {"[Ada@home.example]", "[home.example]"},
           {"bob@contoso.com: bob", "ADA@contoso.com: bob"}}) {
    EXPECT_NE(refusal(with(what, by)), "") << by;
  }
  EXPECT_NE(refusal(""), "");
  EXPECT_NE(refusal("organizations: []\n"), "");
  EXPECT_NE(refusal("organizations: contoso\n"), "");
  EXPECT_NE(refusal("- a\n"), "");
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/content.h"

#include "directory/csv/csv_directory.h"
#include "directory/people/directory_user.h"
#include "directory/people/hygiene.h"
#include "directory/people/protection.h"
#include "directory/people/protection_report.h"
#include "directory/publish/publisher.h"
#include "directory/settings.h"
#include "policy/people/person.h"
#include "policy/result.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

OrganizationSettings contoso() {
  OrganizationSettings settings;
  settings.name = "contoso";
  settings.domains = {"contoso.com"};
  settings.directories.resize(2);
  settings.directories[0].name = "HR";
  settings.directories[1].name = "Contractors";
  settings.protect.groups = {"Executives"};
  settings.protect.people = {"bob@contoso.com"};
  settings.protect.role_mailboxes = {"Accounts Payable"};
  settings.secondary_emails["ada@contoso.com"] = {"ada@home.example"};
  return settings;
}

DirectoryUser user(std::string name, std::string address, std::vector<std::string> groups = {}) {
  DirectoryUser made;
  made.display_name = std::move(name);
  made.id = address;
  made.addresses = {std::move(address)};
  made.groups = std::move(groups);
  return made;
}

DirectoryPeople filtered(const OrganizationSettings& settings,
                         const std::vector<DirectoryUser>& users) {
  ProtectionFilter filter{settings};
  for (const DirectoryUser& each : users) {
    filter.take(each);
  }
  return filter.finish();
}

std::vector<policy::Person> everybody(const std::vector<OrganizationPeople>& organizations) {
  std::vector<policy::Person> people;
  const GenerationContent content = make_content(organizations);
  EXPECT_TRUE(content
                  .for_each_person([&](const policy::Person& person) {
                    people.push_back(person);
                    return policy::Result<void>{};
                  })
                  .has_value());
  return people;
}

std::vector<std::string> kinds(const std::vector<ProtectionWarning>& warnings) {
  std::vector<std::string> found;
  for (const ProtectionWarning& warning : warnings) {
    found.push_back(warning.what);
  }
  return found;
}

TEST(Protection, TakesMembersOfGroupsAndDeclaredPeopleAndNobodyElse) {
  const OrganizationSettings settings = contoso();
  const DirectoryPeople made =
      filtered(settings,
               {user("Ada Lovelace", "ada@contoso.com", {"EXECUTIVES", "Finance"}),
                user("Bob Roe", "bob@contoso.com"),
                user("Carl Poe", "carl@contoso.com", {"Finance"})});
  ASSERT_EQ(made.people.size(), 2U);
  const policy::Person ada = made.people.at(0);
  EXPECT_EQ(ada.name, "Ada Lovelace");
  EXPECT_EQ(ada.id, "ada@contoso.com");
  EXPECT_EQ(ada.addresses, (std::vector<std::string>{"ada@contoso.com", "ada@home.example"}));
  EXPECT_EQ(ada.groups.size(), 2U);
  EXPECT_EQ(made.people.at(1).name, "Bob Roe");
}

TEST(Protection, ARoleMailboxIsOnePersonWithTheAddressesOfItsName) {
  const DirectoryPeople made =
      filtered(contoso(),
               {user("Accounts  payable", "ap@contoso.com", {"Executives"}),
                user("Accounts Payable", "ap2@contoso.com")});
  ASSERT_EQ(made.people.size(), 1U);
  EXPECT_TRUE(made.people.at(0).role_mailbox);
  EXPECT_EQ(made.people.at(0).name, "Accounts Payable");
  EXPECT_EQ(made.people.at(0).addresses,
            (std::vector<std::string>{"ap2@contoso.com", "ap@contoso.com"}));
}

TEST(Content, IsTheSameWhateverTheOrderOfTheRows) {
  const OrganizationSettings settings = contoso();
  std::vector<DirectoryUser> users{user("Ada Lovelace", "ada@contoso.com", {"Executives", "Zoo"}),
                                   user("Eve Roe", "eve@contoso.com", {"Aft", "Executives"}),
                                   user("Bob Roe", "bob@contoso.com")};
  const auto content_of = [&] {
    std::vector<OrganizationPeople> organizations(1);
    organizations[0].settings = &settings;
    organizations[0].directories = {filtered(settings, users), {}};
    complete_people(organizations[0]);
    return std::pair{everybody(organizations), make_content(organizations).organizations};
  };
  const auto first = content_of();
  std::ranges::reverse(users);
  EXPECT_EQ(content_of(), first);
  EXPECT_EQ(first.second.at(0).groups, (std::vector<std::string>{"Aft", "Executives", "Zoo"}));
  EXPECT_EQ(first.first.at(0).groups, (std::vector<std::uint32_t>{1, 2}));
}

TEST(Content, JoinsTheGroupsOfSeveralDirectories) {
  const OrganizationSettings settings = contoso();
  std::vector<OrganizationPeople> organizations(1);
  organizations[0].settings = &settings;
  organizations[0].directories = {
      filtered(settings, {user("Ada Lovelace", "ada@contoso.com", {"Executives", "Finance"})}),
      filtered(settings, {user("Eve Roe", "eve@x.example", {"Board", "executives"})})};
  const auto people = everybody(organizations);
  EXPECT_EQ(make_content(organizations).organizations.at(0).groups,
            (std::vector<std::string>{"Board", "Executives", "Finance"}));
  EXPECT_EQ(people.at(0).groups, (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(people.at(1).groups, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(people.at(1).directory, 1U);
}

TEST(Content, ARoleMailboxThatNoDirectoryHasIsProtectedAllTheSame) {
  const OrganizationSettings settings = contoso();
  OrganizationPeople people{.settings = &settings, .directories = std::vector<DirectoryPeople>(2)};
  complete_people(people);
  ASSERT_EQ(people.directories[0].people.size(), 1U);
  EXPECT_EQ(people.directories[0].people.at(0).name, "Accounts Payable");
  EXPECT_TRUE(people.directories[0].people.at(0).addresses.empty());
}

TEST(Content, DeclaredProtectionOfNobodyIsWarnedOf) {
  const OrganizationSettings settings = contoso();
  OrganizationPeople people{.settings = &settings, .directories = std::vector<DirectoryPeople>(2)};
  EXPECT_EQ(kinds(find_missing(people)),
            (std::vector<std::string>{"group_not_found", "person_not_found", "person_not_found"}));
  people.directories[1] = filtered(settings,
                                   {user("Ada Lovelace", "ada@contoso.com", {"Executives"}),
                                    user("Bob Roe", "bob@contoso.com")});
  EXPECT_TRUE(find_missing(people).empty());
}

TEST(Hygiene, DoubtfulNamesAreNamed) {
  OrganizationSettings settings = contoso();
  settings.directories.pop_back();
  const auto member = [](std::string name, std::string address) {
    return user(std::move(name), std::move(address), {"Executives"});
  };
  OrganizationPeople people{.settings = &settings, .directories = {}};
  people.directories.push_back(filtered(settings,
                                        {member("Madonna", "m@contoso.com"),
                                         member("Bo Li", "b@contoso.com"),
                                         member("Help Desk", "h@contoso.com"),
                                         member("Accounts Payable", "ap@contoso.com"),
                                         member("John Smith", "j1@contoso.com"),
                                         member("john  smith", "j2@contoso.com"),
                                         member("Ada Lovelace", "a@contoso.com"),
                                         member("王小明", "x@contoso.com")}));
  const auto warnings = find_doubtful_names(people);
  EXPECT_EQ(
      kinds(warnings),
      (std::vector<std::string>{"generic_name", "single_token_name", "short_name", "homonym"}));
  EXPECT_NE(warnings[3].text.find("2 people share their name"), std::string::npos);
  EXPECT_NE(warnings[3].text.find("John Smith"), std::string::npos);
  EXPECT_EQ(warnings[2].text.find("王小明"), std::string::npos);

  const ProtectionReport report = report_on(people);
  EXPECT_EQ(report.organization, settings.name);
  EXPECT_EQ(report.warnings.size(), find_missing(people).size() + warnings.size());
  EXPECT_TRUE(shares_name(report, "JOHN SMITH"));
  EXPECT_FALSE(shares_name(report, "Ada Lovelace"));
}

TEST(Hygiene, TheNameOfOnePersonIsDoubtedForOneReason) {
  EXPECT_EQ(kinds(doubts_of("Help Desk")), std::vector<std::string>{"generic_name"});
  EXPECT_EQ(kinds(doubts_of("Bo Li")), std::vector<std::string>{"short_name"});
  EXPECT_EQ(kinds(doubts_of("Madonna")), std::vector<std::string>{"single_token_name"});
  EXPECT_TRUE(doubts_of("Ada Lovelace").empty());
  EXPECT_EQ(kinds(doubts_of("")), std::vector<std::string>{"short_name"});
}

}  // namespace
}  // namespace directory

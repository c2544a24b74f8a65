// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/content.h"
#include "directory/people/hygiene.h"
#include "directory/people/people_list.h"
#include "directory/people/protection.h"
#include "policy/people/person.h"
#include "tests/directory/api/api_fixture.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

class WarningsApiTest : public tests::ApiTest {
 protected:
  // As if a generation had been made of people with these names.
  void publish(const std::vector<std::string>& names) {
    const OrganizationSettings& settings = control_.organizations().front();
    OrganizationPeople people{.settings = &settings,
                              .directories = std::vector<DirectoryPeople>(2)};
    for (const std::string& name : names) {
      policy::Person person;
      person.id = std::to_string(people.directories[0].people.size());
      person.name = name;
      people.directories[0].people.add(person);
    }
    control_.reports = {report_on(people)};
  }

  boost::json::value protection_named(std::string_view name) {
    const auto listed = call("GET", "protections").json;
    for (const auto& each : listed.at("protections").as_array()) {
      if (each.at("name").as_string() == name) {
        return each;
      }
    }
    ADD_FAILURE() << name << " is not listed";
    return {};
  }

  std::vector<std::string> warned_of(const std::string& target) {
    std::vector<std::string> whats;
    const auto listed = call("GET", target).json;
    for (const auto& each : listed.at("warnings").as_array()) {
      whats.emplace_back(each.at("what").as_string());
    }
    return whats;
  }
};

TEST_F(WarningsApiTest, BeforeTheFirstGenerationThereAreNone) {
  EXPECT_TRUE(warned_of("warnings").empty());
  EXPECT_FALSE(protection_named("Leaders").at("missing").as_bool());
}

TEST_F(WarningsApiTest, AreThoseOfTheLastGeneration) {
  publish({"Ada Lovelace", "ada lovelace", "Madonna"});
  EXPECT_EQ(warned_of("warnings"),
            (std::vector<std::string>{"group_not_found",
                                      "person_not_found",
                                      "person_not_found",
                                      "single_token_name",
                                      "homonym"}));
  const auto first = call("GET", "warnings").json.at("warnings").at(0);
  EXPECT_EQ(first.at("organization").as_string(), "contoso");
  EXPECT_EQ(first.at("subject").as_string(), "Leaders");
}

TEST_F(WarningsApiTest, ADeclarationOfNobodyIsMissing) {
  publish({});
  EXPECT_TRUE(protection_named("Leaders").at("missing").as_bool());
  EXPECT_TRUE(protection_named("dan@contoso.com").at("missing").as_bool());
  control_.reports.front().warnings.clear();
  EXPECT_FALSE(protection_named("Leaders").at("missing").as_bool());
}

TEST_F(WarningsApiTest, WhoeverHasLeftTheDirectoryIsMissing) {
  call("PUT", "protections/contoso/Staff/person/eve");
  const auto added = call("GET", "people/contoso/Staff/eve").json.at("name");
  EXPECT_FALSE(protection_named(added.as_string()).at("missing").as_bool());
  AddedProtection gone;
  gone.organization = "contoso";
  gone.directory = "Staff";
  gone.id = "zoe";
  gone.label = "Zoe";
  ASSERT_TRUE(records_.add_protection(gone, {.name = "root"}).has_value());
  EXPECT_TRUE(protection_named("Zoe").at("missing").as_bool());
  // Guests was never read: nobody knows who is there.
  gone.directory = "Guests";
  gone.label = "Zed";
  ASSERT_TRUE(records_.add_protection(gone, {.name = "root"}).has_value());
  EXPECT_FALSE(protection_named("Zed").at("missing").as_bool());
}

TEST_F(WarningsApiTest, OfAPersonAreThoseOfTheName) {
  EXPECT_TRUE(warned_of("people/contoso/Staff/ada/warnings").empty());
  publish({"Ada Lovelace", "Ada Lovelace"});
  EXPECT_EQ(warned_of("people/contoso/Staff/ada/warnings"), std::vector<std::string>{"homonym"});
  EXPECT_EQ(call("GET", "people/contoso/Staff/zoe/warnings").status, 404U);
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/api/api_fixture.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <string>

namespace directory {
namespace {

using tests::ApiTest;

TEST_F(ApiTest, FindsPeopleByPartsOfNamesAndAddressesInAnyCase) {
  EXPECT_EQ(call("GET", "people?search=LOVE").json.at("people").at(0).at("id").as_string(), "ada");
  EXPECT_EQ(call("GET", "people?search=strasse").json.at("people").at(0).at("id").as_string(),
            "eve");
  EXPECT_EQ(call("GET", "people?search=bob@home").json.at("people").at(0).at("id").as_string(),
            "bob");
  EXPECT_TRUE(call("GET", "people?search=nobody").json.at("people").as_array().empty());
  const auto first = call("GET", "people?search=contoso&limit=2");
  EXPECT_EQ(first.json.at("people").as_array().size(), 2U);
  ASSERT_TRUE(first.json.at("next").is_string());
  const std::string next{first.json.at("next").as_string()};
  const auto second = call("GET", "people?search=contoso&limit=2&after=" + next);
  EXPECT_EQ(second.json.at("people").at(0).at("id").as_string(), "cleo");
  EXPECT_EQ(call("GET", "people?after=AAAA").status, 400U);
  EXPECT_TRUE(call("GET", "people?search=contoso").json.at("next").is_null());
  EXPECT_EQ(call("GET", "people?directory=Nowhere").status, 404U);
}

TEST_F(ApiTest, FindsAPersonByAnyConfiguredAddressAlone) {
  const auto id_of = [&](const std::string& address) {
    const auto people = call("GET", "people?address=" + address).json.at("people").as_array();
    return people.size() == 1 ? std::string{people.at(0).at("id").as_string()} : "";
  };
  EXPECT_EQ(id_of("BOB@contoso.com"), "bob");
  EXPECT_EQ(id_of("bob@home.example"), "bob");
  EXPECT_EQ(id_of("bob@contoso.onmicrosoft.example"), "bob");
  EXPECT_EQ(id_of("ob@contoso.com"), "");
}

TEST_F(ApiTest, TellsThroughWhichGroupAPersonIsProtected) {
  const auto ada = call("GET", "people/contoso/Staff/ada").json;
  EXPECT_TRUE(ada.at("protection").at("protected").as_bool());
  EXPECT_FALSE(ada.at("protection").at("direct").as_bool());
  EXPECT_EQ(ada.at("protection").at("via").at(0).at("name").as_string(), "Leaders");
  ASSERT_EQ(ada.at("groups").as_array().size(), 2U);
  EXPECT_TRUE(ada.at("groups").at(0).at("direct").as_bool());
  EXPECT_FALSE(ada.at("groups").at(1).at("direct").as_bool());
  const auto dan = call("GET", "people/contoso/Staff/dan").json;
  EXPECT_TRUE(dan.at("protection").at("declared").as_bool());
  EXPECT_TRUE(dan.at("protection").at("direct").as_bool());
  const auto eve = call("GET", "people/contoso/Staff/eve").json;
  EXPECT_FALSE(eve.at("protection").at("protected").as_bool());
  EXPECT_EQ(call("GET", "people/contoso/Staff/zoe").status, 404U);
  EXPECT_EQ(call("GET", "people/contoso/Staff/cleo").json.at("name").as_string(),
            "Cl\xc3\xa9o <b>\xe2\x80\xae");
}

TEST_F(ApiTest, ProtectsAndUnprotectsAGroup) {
  EXPECT_TRUE(call("PUT", "protections/contoso/Staff/group/g3").json.at("changed").as_bool());
  EXPECT_FALSE(call("PUT", "protections/contoso/Staff/group/g3").json.at("changed").as_bool());
  EXPECT_EQ(control_.changes, 1);
  const auto eve = call("GET", "people/contoso/Staff/eve").json;
  EXPECT_EQ(eve.at("protection").at("via").at(0).at("id").as_string(), "g3");
  EXPECT_TRUE(call("DELETE", "protections/contoso/Staff/group/g3").json.at("changed").as_bool());
  EXPECT_FALSE(call("DELETE", "protections/contoso/Staff/group/g3").json.at("changed").as_bool());
  EXPECT_EQ(call("PUT", "protections/contoso/Staff/group/g9").status, 404U);
  EXPECT_EQ(call("PUT", "protections/contoso/Staff/team/g3").status, 400U);
  const auto audit = call("GET", "audit").json.at("audit").as_array();
  EXPECT_EQ(audit.size(), 2U);
}

TEST_F(ApiTest, RefusesToUnprotectWhatACommandDidNotProtect) {
  EXPECT_NE(call("DELETE", "protections/contoso/Staff/group/g2").detail().find("protect.groups"),
            std::string::npos);
  EXPECT_NE(call("DELETE", "protections/contoso/Staff/person/dan").detail().find("protect.people"),
            std::string::npos);
  const auto via = call("DELETE", "protections/contoso/Staff/person/ada");
  EXPECT_EQ(via.status, 409U);
  EXPECT_NE(via.detail().find("through Leaders"), std::string::npos);
  EXPECT_EQ(control_.changes, 0);
}

TEST_F(ApiTest, FindsGroupsOfANameInAnyCaseAndOpensThemToTheirMembers) {
  EXPECT_EQ(call("GET", "groups?name=CREW").json.at("groups").as_array().size(), 2U);
  EXPECT_EQ(call("GET", "groups?name=g3").json.at("groups").as_array().size(), 1U);
  EXPECT_EQ(call("GET", "groups?search=oar").json.at("groups").at(0).at("id").as_string(), "g1");
  const auto board = call("GET", "groups/contoso/Staff/g1").json;
  EXPECT_TRUE(board.at("protection").at("protected").as_bool());
  EXPECT_FALSE(board.at("protection").at("declared").as_bool());
  EXPECT_EQ(board.at("protection").at("via").at(0).at("name").as_string(), "Leaders");

  const auto first = call("GET", "groups/contoso/Staff/g3/members?limit=1").json;
  EXPECT_EQ(first.at("members").at(0).at("kind").as_string(), "other");
  const std::string after{first.at("next").as_string()};
  const auto second = call("GET", "groups/contoso/Staff/g3/members?limit=1&after=" + after).json;
  EXPECT_EQ(second.at("members").at(0).at("name").as_string(), "Eve Straße");
  EXPECT_TRUE(second.at("members").at(0).at("protection").at("via").is_array());
  EXPECT_TRUE(second.at("next").is_null());
}

}  // namespace
}  // namespace directory

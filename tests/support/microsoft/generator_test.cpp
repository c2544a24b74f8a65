// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/generator.h"

#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/generated_names.h"
#include "tests/support/microsoft/random.h"
#include "tests/support/microsoft/small_world.h"
#include "tests/support/microsoft/tenant.h"
#include "tests/support/microsoft/truth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace tests::microsoft {
namespace {

TEST(MicrosoftGenerator, NamesDiffer) {
  constexpr std::size_t kPeople = 100000;
  ASSERT_GT(generated_name_count(), kPeople);
  std::set<std::string> names;
  for (std::size_t i = 0; i < kPeople; ++i) {
    const GeneratedName name = generated_name(i);
    names.insert(name.given + ' ' + name.surname);
  }
  EXPECT_GT(names.size(), kPeople * 99 / 100);
}

TEST(MicrosoftGenerator, TheSameSeedMakesTheSameTenant) {
  const auto make = [](std::uint64_t seed) {
    Random random{seed};
    Tenant tenant;
    populate(tenant, {.people = 300, .groups = 40}, random);
    return all_people(tenant);
  };
  EXPECT_EQ(make(3), make(3));
  EXPECT_NE(make(3), make(4));
}

TEST(MicrosoftGenerator, ATenantHasAllKindsOfPeopleAndGroups) {
  SmallWorld small{1000, 60};
  std::size_t guests = 0;
  std::size_t disabled = 0;
  std::size_t mailless = 0;
  for (const DirectoryObject& user : small.directory().objects(ObjectKind::kUser)) {
    guests += text_of(user.properties, "userType") == "Guest" ? 1U : 0U;
    disabled += user.properties.at("accountEnabled") == false ? 1U : 0U;
    mailless += user.properties.contains("mail") ? 0U : 1U;
  }
  EXPECT_GT(guests, 0U);
  EXPECT_GT(disabled, 0U);
  EXPECT_GT(mailless, 0U);
  EXPECT_EQ(small.directory().members(small.group("All of the North")).size(), 100U);
  EXPECT_GE(people_of(small.tenant(), {small.group("Executives")}).size(), 15U);
  std::size_t circles = 0;
  const auto& groups = small.directory().objects(ObjectKind::kGroup);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const ObjectRef group{.kind = ObjectKind::kGroup, .position = i};
    for (const ObjectRef member : small.directory().members(group)) {
      const auto below = member.kind == ObjectKind::kGroup
                             ? small.directory().transitive_members(member)
                             : std::vector<ObjectRef>{};
      circles += std::ranges::count(below, group) > 0 ? 1U : 0U;
    }
  }
  EXPECT_GT(circles, 0U);
}

TEST(MicrosoftTruth, AddressesAreThoseThatMayBeWrittenFrom) {
  SmallWorld small;
  small.directory().update({},
                           {{"mail", "Ada@Contoso.example"},
                            {"proxyAddresses",
                             {"SMTP: ada@contoso.example",
                              "smtp:COUNTESS@fabrikam.example",
                              "SIP:phone@contoso.example"}},
                            {"otherMails", {"ada@home.example"}},
                            {"userPrincipalName", "ada@intranet.example"}});
  EXPECT_EQ(addresses_of(small.tenant(), {}),
            (std::set<std::string>{
                "ada@contoso.example", "ada@intranet.example", "countess@fabrikam.example"}));
  small.directory().update({}, {{"userPrincipalName", "ada@pending.example"}});
  EXPECT_FALSE(addresses_of(small.tenant(), {}).contains("ada@pending.example"));
}

TEST(MicrosoftControl, ChangesTheDirectoryAndRefusesNonsense) {
  SmallWorld small;
  const json::object done = small.control("POST",
                                          "/control/changes",
                                          R"({"operations": [
        {"op": "create", "kind": "user",
         "properties": {"displayName": "Ada Lovelace", "mail": "ada@contoso.example"}},
        {"op": "create", "kind": "group", "properties": {"displayName": "Board"}}]})");
  const std::string ada{done.at("ids").at(0).as_string()};
  small.control(
      "POST",
      "/control/changes",
      R"({"operations": [{"op": "add_member", "group": "Board", "user": ")" + ada +
          R"("}, {"op": "add_member", "group": "Executives", "member_group": "Board"}]})");
  const json::object truth = small.control("GET", "/control/truth?groups=Board");
  EXPECT_EQ(truth.at("people").at(0).at("displayName"), "Ada Lovelace");
  EXPECT_THROW(small.control("POST", "/control/changes", R"({"operatoins": []})"),
               std::runtime_error);
  EXPECT_THROW(small.control("POST", "/control/nothing", "{}"), std::runtime_error);
  EXPECT_THROW(small.control("GET", "/control/truth?groups=Nobodies"), std::runtime_error);
}

}  // namespace
}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/people/stored_people.h"

#include "directory/people/group_closure.h"
#include "directory/settings.h"
#include "directory/store/directory_content.h"
#include "directory/store/directory_key.h"
#include "directory/store/state_database.h"
#include "policy/people/person.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

const DirectoryKey kKey{.organization = "contoso", .directory = "Office 365"};

// A directory with nested groups, in force.
class StoredPeopleTest : public ::testing::Test {
 protected:
  StoredPeopleTest() {
    SyncState state = content_.with_new_round(SyncState{}, RoundKind::kFull, 1);
    StagedPage page{*database_, kKey, state};
    for (const char* id : {"board", "executives", "everybody", "loop-a", "loop-b"}) {
      page.put_group({.id = id,
                      .display_name = std::string{"Name of "} + id,
                      .mail = {},
                      .proxy_addresses = {}});
    }
    page.put_member("executives", "board", StoredMemberKind::kGroup);
    page.put_member("everybody", "executives", StoredMemberKind::kGroup);
    page.put_member("loop-a", "loop-b", StoredMemberKind::kGroup);
    page.put_member("loop-b", "loop-a", StoredMemberKind::kGroup);
    page.put_member("everybody", "loop-a", StoredMemberKind::kGroup);
    page.put_member("everybody", "not there", StoredMemberKind::kGroup);
    put_user(page, "ada", "board");
    put_user(page, "bob", "everybody");
    put_user(page, "cyd", "loop-b");
    put_user(page, "dan", "not there");
    EXPECT_TRUE(page.commit(state).has_value());
    EXPECT_TRUE(content_.put_in_force(kKey, state).has_value());
  }

  static void put_user(StagedPage& page, const std::string& id, const std::string& group) {
    StoredUser user;
    user.id = id;
    user.display_name = "Person " + id;
    user.mail = id + "@contoso.com";
    page.put_user(user);
    page.put_member(group, id, StoredMemberKind::kUser);
  }

  ContentView view() const { return ContentView::open(database_->snapshot(), kKey).value(); }

  tests::TemporaryFolder folder_;
  std::unique_ptr<StateDatabase> database_ =
      StateDatabase::open(folder_.path() / "database").value();
  DirectoryContent content_ = DirectoryContent::open(*database_).value();
};

std::vector<std::string> closed_ids(GroupClosure& closure, const std::vector<std::string>& direct) {
  std::vector<std::string> ids;
  for (const std::uint32_t index : closure.closed(direct)) {
    ids.push_back(closure.group(index).id);
  }
  return ids;
}

TEST_F(StoredPeopleTest, GroupsOfGroupsAreClosedAlsoInCircles) {
  GroupClosure closure = GroupClosure::of(view()).value();
  EXPECT_EQ(closed_ids(closure, {"board"}),
            (std::vector<std::string>{"board", "everybody", "executives"}));
  EXPECT_EQ(closed_ids(closure, {"loop-b"}),
            (std::vector<std::string>{"everybody", "loop-a", "loop-b"}));
  EXPECT_EQ(closed_ids(closure, {"not there"}), std::vector<std::string>{});
  EXPECT_EQ(closed_ids(closure, {"everybody", "board"}),
            (std::vector<std::string>{"board", "everybody", "executives"}));
}

std::vector<std::string> ids_of(const DirectoryPeople& people) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < people.people.size(); ++i) {
    ids.push_back(people.people.at(i).id);
  }
  return ids;
}

TEST_F(StoredPeopleTest, AProtectedGroupProtectsThoseOfTheGroupsInIt) {
  OrganizationSettings organization;
  organization.protect.groups = {"name of EXECUTIVES"};
  EXPECT_EQ(ids_of(protected_people(view(), organization).value()),
            std::vector<std::string>{"ada"});
  organization.protect.groups.clear();
  organization.protect.group_ids = {"everybody"};
  EXPECT_EQ(ids_of(protected_people(view(), organization).value()),
            (std::vector<std::string>{"ada", "bob", "cyd"}));
  organization.protect.group_ids.clear();
  organization.protect.user_ids = {"dan"};
  EXPECT_EQ(ids_of(protected_people(view(), organization).value()),
            std::vector<std::string>{"dan"});
}

TEST_F(StoredPeopleTest, AddedSecondaryEmailsAreConfiguredAddresses) {
  OrganizationSettings organization;
  organization.protect.user_ids = {"ada"};
  organization.secondary_emails_by_id["ada"] = {"ada@home.example"};
  const auto people = protected_people(view(), organization).value();
  EXPECT_EQ(people.people.at(0).addresses,
            (std::vector<std::string>{"ada@contoso.com", "ada@home.example"}));
}

TEST(AddressesOf, AreMailProxiesAndAPrincipalNameOfAnOwnDomain) {
  OrganizationSettings organization;
  organization.domains = {"contoso.com"};
  StoredUser user;
  user.mail = "Ada@Contoso.com";
  user.proxy_addresses = {"smtp:a.lovelace@contoso.com",
                          "SMTP: ada@contoso.com",
                          "SMTP:primary@contoso.com",
                          "SIP:sip@contoso.com",
                          "X500:/o=Contoso/cn=ada",
                          "smtp:'stray@contoso.com",
                          "smtp:no address"};
  user.user_principal_name = "ada.upn@CONTOSO.com";
  user.other_mails = {"ada@other.example"};
  EXPECT_EQ(addresses_of(user, organization),
            (std::vector<std::string>{"ada@contoso.com",
                                      "primary@contoso.com",
                                      "a.lovelace@contoso.com",
                                      "stray@contoso.com",
                                      "ada.upn@contoso.com"}));
  user.user_principal_name = "ada_x#EXT#@contoso.onmicrosoft.com";
  EXPECT_EQ(addresses_of(user, organization).size(), 4U);
}

}  // namespace
}  // namespace directory

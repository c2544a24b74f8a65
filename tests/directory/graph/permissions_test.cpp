// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/permissions.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace directory {
namespace {

TEST(PermissionsTest, KnowsWhatCoversWhat) {
  EXPECT_EQ(granted_by({"User.Read.All"}, "User.Read.All"), "User.Read.All");
  EXPECT_EQ(granted_by({"Directory.Read.All"}, "User.Read.All"), "Directory.Read.All");
  EXPECT_EQ(granted_by({"Group.Read.All"}, "GroupMember.Read.All"), "Group.Read.All");
  EXPECT_EQ(granted_by({"Mail.Read"}, "Mail.ReadWrite"), "");
  EXPECT_EQ(granted_by({"User.ReadBasic.All"}, "User.Read.All"), "");
  EXPECT_EQ(granted_by({}, "User.Read.All"), "");
}

TEST(PermissionsTest, TakesTwoThatDoTogether) {
  EXPECT_EQ(granted_by({"Group.ReadBasic.All"}, "GroupMember.Read.All"), "");
  EXPECT_EQ(
      granted_by({"GroupMember.ReadBasic.All", "Group.ReadBasic.All"}, "GroupMember.Read.All"),
      "Group.ReadBasic.All + GroupMember.ReadBasic.All");
}

TEST(PermissionsTest, ListsThoseOfTheFeaturesThatAreOn) {
  const auto grants =
      permission_grants({"sync", "provision"}, {"User.Read.All", "Exchange.ManageAsApp"}, {});
  ASSERT_EQ(grants.size(), 4U);
  EXPECT_EQ(grants[0].permission, "User.Read.All");
  EXPECT_TRUE(grants[0].is_granted);
  EXPECT_FALSE(grants[1].is_granted);
  EXPECT_EQ(grants[3].resource, "Office 365 Exchange Online");
  EXPECT_FALSE(grants[3].is_granted) << "a role for Graph is none for Exchange";
}

TEST(PermissionsTest, ListsAllThatPostureTakes) {
  const auto grants = permission_grants({"posture"}, {"Directory.Read.All"}, {});
  std::vector<std::string> missing;
  std::vector<std::string> granted;
  for (const PermissionGrant& grant : grants) {
    (grant.is_granted ? granted : missing).push_back(grant.permission);
  }
  EXPECT_EQ(granted,
            (std::vector<std::string>{
                "User.Read.All", "Application.Read.All", "Domain.Read.All", "Directory.Read.All"}));
  EXPECT_EQ(missing,
            (std::vector<std::string>{
                "UserAuthenticationMethod.Read.All", "MailboxSettings.Read", "Calendars.Read"}));
}

TEST(PermissionsTest, ExplainsEachRow) {
  for (const PermissionRow& row : permission_table()) {
    EXPECT_FALSE(row.purpose.empty() || row.least.empty() || row.admin_role.empty())
        << row.permission;
    EXPECT_TRUE(row.least == row.permission ||
                granted_by({std::string{row.permission}}, row.permission) == row.permission);
  }
}

}  // namespace
}  // namespace directory

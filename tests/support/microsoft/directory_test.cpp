// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/directory.h"

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

class MicrosoftDirectory : public testing::Test {
 protected:
  ObjectRef add(ObjectKind kind, const std::string& id) {
    json::object properties;
    properties["id"] = id;
    properties["displayName"] = "Name of " + id;
    properties["userPrincipalName"] = id + "@Contoso.example";
    return directory.add(kind, std::move(properties));
  }

  Directory directory;
};

TEST_F(MicrosoftDirectory, EachPersonOfGroupsInACircleIsThereOnce) {
  const ObjectRef ada = add(ObjectKind::kUser, "ada");
  const ObjectRef ben = add(ObjectKind::kUser, "ben");
  const ObjectRef outer = add(ObjectKind::kGroup, "outer");
  const ObjectRef inner = add(ObjectKind::kGroup, "inner");
  directory.set_member(outer, ada, true);
  directory.set_member(outer, inner, true);
  directory.set_member(inner, ada, true);
  directory.set_member(inner, ben, true);
  directory.set_member(inner, outer, true);
  EXPECT_EQ(directory.transitive_members(outer), (std::vector{ada, ben, inner}));
  EXPECT_EQ(directory.members(outer), (std::vector{ada, inner}));
}

TEST_F(MicrosoftDirectory, AMemberInTheRecycleBinComesBackWithItsMembership) {
  const ObjectRef ada = add(ObjectKind::kUser, "ada");
  const ObjectRef group = add(ObjectKind::kGroup, "group");
  directory.set_member(group, ada, true);
  directory.remove(ada);
  EXPECT_TRUE(directory.members(group).empty());
  EXPECT_FALSE(directory.find_user("ada@contoso.example").has_value());
  directory.restore(ada);
  EXPECT_EQ(directory.members(group), std::vector{ada});
  EXPECT_EQ(directory.find_user("ADA@contoso.example"), ada);
}

TEST_F(MicrosoftDirectory, WhatIsPurgedIsAMemberNoMore) {
  const ObjectRef ada = add(ObjectKind::kUser, "ada");
  const ObjectRef group = add(ObjectKind::kGroup, "group");
  directory.set_member(group, ada, true);
  const Version before = directory.version();
  directory.purge(ada);
  const Membership& ended = directory.object(group).members.at(ada);
  EXPECT_FALSE(ended.is_member);
  EXPECT_TRUE(ended.is_purged);
  EXPECT_GT(ended.changed_at, before);
}

TEST_F(MicrosoftDirectory, APrincipalNameLeadsToWhoBearsItNow) {
  const ObjectRef ada = add(ObjectKind::kUser, "ada");
  directory.update(ada, {{"userPrincipalName", "countess@contoso.example"}});
  EXPECT_EQ(directory.find_user("countess@contoso.example"), ada);
  EXPECT_FALSE(directory.find_user("ada@contoso.example").has_value());
}

}  // namespace
}  // namespace tests::microsoft

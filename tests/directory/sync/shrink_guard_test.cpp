// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/sync/shrink_guard.h"

#include "directory/store/directory_content.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace directory {
namespace {

RoundWeight users(std::uint64_t before, std::uint64_t removed) {
  RoundWeight weight;
  weight.before.users = before;
  weight.users_removed = removed;
  return weight;
}

RoundWeight memberships(std::uint64_t before, std::uint64_t removed) {
  RoundWeight weight;
  weight.before.memberships = before;
  weight.memberships_removed = removed;
  return weight;
}

TEST(ShrinkGuard, ManyUsersGoneAreTold) {
  EXPECT_EQ(find_shrink(users(100, 20), 20), "");
  EXPECT_EQ(find_shrink(users(100, 21), 20), "21 of 100 users would be gone, over 20 %");
  EXPECT_NE(find_shrink(users(3, 3), 20), "");
  EXPECT_EQ(find_shrink(users(100, 100), 100), "");
  EXPECT_NE(find_shrink(users(100, 1), 0), "");
  EXPECT_EQ(find_shrink(users(0, 0), 0), "");
}

TEST(ShrinkGuard, NewPeopleDoNotMakeUpForThoseWhoAreGone) {
  RoundWeight weight = users(100, 90);
  weight.after.users = 110;
  EXPECT_NE(find_shrink(weight, 20), "");
}

TEST(ShrinkGuard, AllMembershipsOfASmallDirectoryMayNot) {
  EXPECT_EQ(find_shrink(memberships(3, 3), 20),
            "3 of 3 group memberships would be gone, over 20 %");
  EXPECT_EQ(find_shrink(memberships(3, 3), 100), "");
  EXPECT_EQ(find_shrink(memberships(0, 0), 20), "");
}

TEST(ShrinkGuard, AFewMembershipsMayGo) {
  EXPECT_EQ(find_shrink(memberships(4, 3), 20), "");
  EXPECT_EQ(find_shrink(memberships(20, 11), 20),
            "11 of 20 group memberships would be gone, over 20 %");
  EXPECT_EQ(find_shrink(memberships(1000, 200), 20), "");
}

}  // namespace
}  // namespace directory

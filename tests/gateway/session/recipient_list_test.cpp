// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/recipient_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gateway {
namespace {

using Addresses = std::vector<std::string>;

TEST(RecipientList, KeepsEachAsItWasGiven) {
  RecipientList list{3};
  EXPECT_TRUE(list.add("Desk@Contoso.com"));
  EXPECT_TRUE(list.add(""));
  EXPECT_TRUE(list.add("desk+tag@contoso.com."));
  EXPECT_EQ(list.all(), (Addresses{"Desk@Contoso.com", "", "desk+tag@contoso.com."}));
  EXPECT_EQ(list.canonical().front(), "desk@contoso.com");
  EXPECT_EQ(list.canonical().size(), 3U);
  EXPECT_FALSE(list.is_over());
}

TEST(RecipientList, KeepsNobodyOfTooMany) {
  RecipientList list{2};
  EXPECT_TRUE(list.add("a@x.example"));
  EXPECT_TRUE(list.add("b@x.example"));
  EXPECT_FALSE(list.add("c@x.example"));
  EXPECT_FALSE(list.add("d@x.example"));
  EXPECT_TRUE(list.is_over());
  EXPECT_TRUE(list.all().empty());
}

TEST(RecipientList, BoundsTheirOctetsToo) {
  RecipientList list{100};
  EXPECT_FALSE(list.add(std::string(64 * 100 + 1, 'a')));
  EXPECT_TRUE(list.is_over());
}

}  // namespace
}  // namespace gateway

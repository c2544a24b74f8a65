// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/protected_name.h"

#include "policy/name/name_keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

bool found_by(std::string_view shown, std::string_view protected_name) {
  const std::vector<std::string> stored = protected_name_keys(protected_name, false);
  return std::ranges::any_of(name_keys(shown), [&](const std::string& key) {
    return std::ranges::binary_search(stored, key);
  });
}

TEST(ProtectedNameKeys, AreFoundByEveryDisguise) {
  for (const std::string_view shown : {"John Smith",
                                       "smith john",
                                       "JohnSmith",
                                       "SmithJohn",
                                       "J o h n S m i t h",
                                       "Јоhn Ѕmith",
                                       "J0hn Sm1th",
                                       "\u202EhtimS nhoJ",
                                       "ᴊᴏʜɴ ꜱᴍɪᴛʜ"}) {
    EXPECT_TRUE(found_by(shown, "John Smith")) << shown;
  }
  EXPECT_TRUE(found_by("Xiao Ming Wang", "王小明"));
  EXPECT_FALSE(found_by("Joan Smith", "John Smith"));
}

TEST(ProtectedNameKeys, AreFewAndBounded) {
  EXPECT_LE(protected_name_keys("John Smith", false).size(), 4U);
  EXPECT_TRUE(protected_name_keys("007", false).empty());
  const std::string endless(5'000, 'x');
  for (const std::string& key : protected_name_keys(endless + " " + endless, false)) {
    EXPECT_LE(key.size(), kMaximumNameKeyOctets);
  }
  EXPECT_NE(name_keys(endless), name_keys(endless + "y"));
}

TEST(OtherNames, AreThoseThePersonIsKnownBy) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(other_names("Ada Lovelace", "", ""), Names{});
  EXPECT_EQ(other_names("Ada L.", "Ada", "Lovelace"), (Names{"Ada Lovelace", "Lovelace Ada"}));
  EXPECT_EQ(other_names("Ada Lovelace (IT)", "", ""), Names{"Ada Lovelace"});
  EXPECT_EQ(other_names("Ada Lovelace | Contoso", "", ""), Names{"Ada Lovelace"});
  EXPECT_EQ(other_names("Ada Lovelace - Ext", "", ""), Names{"Ada Lovelace"});
  EXPECT_EQ(other_names("[EXT] Ada Lovelace", "", ""), Names{"Ada Lovelace"});
  EXPECT_EQ(other_names("Contoso Finance - Ada Lovelace", "", "Lovelace"), Names{"Ada Lovelace"});
  EXPECT_EQ(other_names("Dr. Ada Lovelace, PhD", "", ""), Names{"Ada Lovelace"});
  EXPECT_EQ(other_names("Ada M. Lovelace", "", ""), Names{"Ada Lovelace"});
  EXPECT_EQ(other_names("Lovelace, Ada", "", ""), Names{});
  EXPECT_EQ(other_names("Accounts Payable", "", ""), Names{});
}

}  // namespace
}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/nickname_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

using Names = std::vector<std::string>;

std::string error_of(std::string_view text) {
  const auto table = NicknameTable::parse(text);
  return table.has_value() ? std::string{} : table.error().message;
}

TEST(NicknameTable, RelatesBothWaysButNotNicknamesAmongThemselves) {
  const auto table =
      NicknameTable::parse("# comment\nrobert: rob, bob # both\n\nbob: bobby\nalbert: bert\n");
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(table->relatives_of("robert"), (Names{"bob", "rob"}));
  EXPECT_EQ(table->relatives_of("bob"), (Names{"bobby", "robert"}));
  EXPECT_EQ(table->relatives_of("rob"), Names{"robert"});
  EXPECT_TRUE(table->relatives_of("ada").empty());
}

TEST(NicknameTable, CaseAndMarksMakeNoDifference) {
  const auto table = NicknameTable::parse("José: Pepe, CHÉ\nАлександр: Саша\nŁukasz: Łukaszek\n");
  ASSERT_TRUE(table.has_value()) << table.error().message;
  EXPECT_EQ(table->relatives_of("jose"), (Names{"che", "pepe"}));
  EXPECT_EQ(table->relatives_of("саша"), Names{"александр"});
  EXPECT_EQ(table->relatives_of("lukaszek"), Names{"lukasz"});
}

TEST(NicknameTable, ABadLineIsNamed) {
  EXPECT_EQ(error_of("\nrobert\n"), "line 2: there is no colon; write robert: bob, rob");
  EXPECT_EQ(error_of("# x\nAda:\n"), "line 2: '' is no name of one word; write robert: bob, rob");
  EXPECT_EQ(error_of("ada: addie,\n"), "line 1: '' is no name of one word; write robert: bob, rob");
  EXPECT_EQ(error_of("mary ann: molly\n"),
            "line 1: 'mary ann' is no name of one word; write robert: bob, rob");
  EXPECT_EQ(error_of("robert: bob rob\n"),
            "line 1: ' bob rob' is no name of one word; write robert: bob, rob");
  EXPECT_EQ(error_of("josé: pepe\n\nJose: che\n"),
            "line 3: 'jose' is in line 1 already; add its nicknames there");
  EXPECT_EQ(error_of("ines: Inês\n"),
            "line 1: 'ines' is its own nickname; case and accents make no difference");
}

TEST(NicknameTable, TheBuiltInOneKnowsNamesOfSeveralLanguages) {
  const NicknameTable& table = NicknameTable::built_in();
  const auto has = [&](std::string_view name, std::string_view relative) {
    const Names relatives = table.relatives_of(name);
    return std::ranges::find(relatives, relative) != relatives.end();
  };
  EXPECT_TRUE(has("robert", "bob"));
  EXPECT_TRUE(has("peggy", "margaret"));
  EXPECT_TRUE(has("саша", "александр"));
  EXPECT_TRUE(has("aleksandr", "sasha"));
  EXPECT_FALSE(has("robert", "roberta"));
}

}  // namespace
}  // namespace policy

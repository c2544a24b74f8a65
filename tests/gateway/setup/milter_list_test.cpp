// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/setup/milter_list.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace gateway {
namespace {

std::vector<std::string> texts(std::string_view list) {
  std::vector<std::string> texts;
  for (const MilterWord& word : milter_words(list)) {
    texts.push_back(word.text);
  }
  return texts;
}

TEST(MilterList, IsSplitAsPostfixDoes) {
  EXPECT_EQ(
      texts("inet:a:1, unix:b/c\n\tinet:d:2,{ inet:e:3, default_action=accept } $more"),
      (std::vector<std::string>{
          "inet:a:1", "unix:b/c", "inet:d:2", "{ inet:e:3, default_action=accept }", "$more"}));
  EXPECT_EQ(texts("${a?{b c}} d"), (std::vector<std::string>{"${a?{b c}}", "d"}));
  EXPECT_TRUE(texts(" , ").empty());
}

TEST(MilterList, KnowsItsReferenceHoweverItIsWritten) {
  for (const MilterWord& word :
       milter_words("$fromguard_milter, ${fromguard_milter} $(fromguard_milter)")) {
    EXPECT_TRUE(word.is_reference()) << word.text;
  }
  EXPECT_FALSE(milter_words("$fromguard_milters")[0].is_reference());
}

TEST(MilterEntry, KeepsItsSettingsInTheirOrder) {
  const MilterEntry entry =
      milter_entry("{inet:h:1 default_action=quarantine, { command_timeout = 5s }}");
  EXPECT_EQ(entry.place, "inet:h:1");
  EXPECT_EQ(entry.setting("default_action"), "quarantine");
  EXPECT_EQ(entry.setting("content_timeout"), "");
  EXPECT_EQ(entry.text(), "{ inet:h:1, default_action=quarantine, command_timeout=5s }");
  EXPECT_EQ(milter_entry("inet:h:1").text(), "inet:h:1");
}

TEST(MilterEntry, IsTheSamePlaceByOtherNames) {
  EXPECT_TRUE(is_same_place("inet:localhost:8897", "inet:127.0.0.1:8897"));
  EXPECT_TRUE(is_same_place("inet:[::1]:8897", "inet:localhost:8897"));
  EXPECT_TRUE(is_same_place("unix:/fromguard/m.sock", "unix:fromguard/m.sock"));
  EXPECT_FALSE(is_same_place("inet:127.0.0.1:8897", "inet:127.0.0.1:88970"));
  EXPECT_FALSE(is_same_place("inet:192.0.2.1:8897", "inet:127.0.0.1:8897"));
}

TEST(MilterList, ComesBackAsItWas) {
  for (const std::string list : {"", "inet:a:1", "inet:a:1  { inet:b:2, default_action=accept }"}) {
    const std::string longer = with_milter(list, kMilterReference);
    EXPECT_EQ(without_word(longer, milter_words(longer).back()), list);
  }
}

TEST(MilterList, LosesOneSeparatorWithAWord) {
  const std::string list = "a, b, c";
  const std::vector<MilterWord> words = milter_words(list);
  EXPECT_EQ(without_word(list, words[0]), "b, c");
  EXPECT_EQ(without_word(list, words[1]), "a, c");
  EXPECT_EQ(without_word(list, words[2]), "a, b");
  EXPECT_EQ(with_word(list, words[1], "$x"), "a, $x, c");
}

}  // namespace
}  // namespace gateway

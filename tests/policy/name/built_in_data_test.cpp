// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/common_names.h"
#include "policy/name/decoration_lexicon.h"
#include "policy/name/entry_lines.h"
#include "policy/name/nickname_table.h"
#include "policy/name/plain_name.h"
#include "policy/result.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace policy {
namespace {

using Kind = DecorationLexicon::Kind;

std::string text_of(std::string_view file) {
  std::ifstream stream{std::filesystem::path{FROMGUARD_SOURCE_DIR} / "conf" / file};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

// The words of a file of names in the order they stand there.
std::vector<std::string> names_of(std::string_view file) {
  std::vector<std::string> names;
  const auto done =
      read_entry_lines(text_of(file), [&](std::size_t /*number*/, std::string_view line) {
        if (!line.starts_with('[')) {
          const std::vector<std::string> tokens = plain_tokens(line);
          names.insert(names.end(), tokens.begin(), tokens.end());
        }
        return Result<void>{};
      });
  EXPECT_TRUE(done.has_value());
  return names;
}

bool is_dropped(const std::string& name) {
  const std::vector<std::string> tokens{lexicon_token(name)};
  const DecorationLexicon& lexicon = DecorationLexicon::built_in();
  return lexicon.match_length(Kind::kDecoration, tokens) > 0 ||
         lexicon.match_length(Kind::kEndsName, tokens) > 0;
}

// Dropped, it would make one person of two.
TEST(BuiltInData, NoCommonNameIsADecoration) {
  const std::vector<std::string> names = names_of("common-names.txt");
  EXPECT_GT(names.size(), 5'000U);
  for (const std::string& name : names) {
    EXPECT_FALSE(is_dropped(name)) << name;
  }
}

TEST(BuiltInData, NamesThatAreTitlesTooAreNoDecorations) {
  for (const std::string_view name :
       {"Abbot",  "Bey",   "Bishop",    "Cao",   "Chase",   "Contador", "Engineer", "Kadry",
        "Legal",  "Özel",  "Constable", "Dean",  "Deacon",  "Do",       "Don",      "Duke",
        "Earl",   "Grace", "Graf",      "Ho",    "Hon",     "Imam",     "Judge",    "King",
        "Li",     "Lord",  "Ma",        "Major", "Marquis", "Marshal",  "Pan",      "Pani",
        "Pastor", "Pope",  "Prince",    "Prior", "Provost", "Rector",   "Sergeant", "Shaikh",
        "Slack",  "Sri",   "Sultan",    "Box",   "Miro"}) {
    EXPECT_FALSE(is_dropped(std::string{name})) << name;
  }
}

TEST(BuiltInData, WordsOfCompaniesAreNoDecorations) {
  for (const std::string_view word :
       {"Associates", "Associés", "Bank",      "Brothers",  "Consulting", "Estate", "Foundation",
        "Institute",  "Kanzlei",  "Law",       "Logistics", "Partners",   "School", "Services",
        "Society",    "Söhne",    "Solutions", "Sons",      "Stiftung",   "Trust",  "University"}) {
    EXPECT_FALSE(is_dropped(std::string{word})) << word;
  }
}

// Two names that many bear, such as Robert and Roberta, are two people.
TEST(BuiltInData, NicknamesKeepPeopleApart) {
  const NicknameTable& table = NicknameTable::built_in();
  for (const auto& [name, other] :
       std::vector<std::pair<std::string_view, std::string>>{{"robert", "roberta"},
                                                             {"john", "joan"},
                                                             {"john", "jon"},
                                                             {"oliver", "olivia"},
                                                             {"martin", "martina"},
                                                             {"daniel", "danielle"},
                                                             {"александр", "александра"},
                                                             {"евгений", "евгения"}}) {
    const std::vector<std::string> relatives = table.relatives_of(name);
    EXPECT_EQ(std::ranges::find(relatives, other), relatives.end()) << name << ' ' << other;
  }
}

TEST(BuiltInData, EveryNicknameLeadsBack) {
  const NicknameTable& table = NicknameTable::built_in();
  std::size_t given_names = 0;
  for (const std::string& name : names_of("nicknames.txt")) {
    const std::vector<std::string> relatives = table.relatives_of(name);
    EXPECT_FALSE(relatives.empty()) << name;
    for (const std::string& relative : relatives) {
      const std::vector<std::string> back = table.relatives_of(relative);
      EXPECT_NE(std::ranges::find(back, name), back.end()) << name << ' ' << relative;
    }
    ++given_names;
  }
  EXPECT_GT(given_names, 3'000U);
}

TEST(BuiltInData, CommonNamesAreLongEnoughToBeMisspelt) {
  constexpr std::size_t kShortest = 5;
  for (const std::string& name : names_of("common-names.txt")) {
    EXPECT_GE(name.size(), kShortest) << name;
    EXPECT_TRUE(CommonNames::built_in().contains(name)) << name;
  }
}

}  // namespace
}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/near_name.h"

#include "policy/name/common_names.h"
#include "policy/name/full_name.h"
#include "policy/name/match.h"
#include "policy/name/nickname_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

FullName full(std::string_view name) {
  return full_name(name, "", "", NicknameTable::built_in());
}

std::string compared(std::string_view shown, const FullName& name) {
  const auto match = compare_loosely(shown_tokens(shown), name, CommonNames::built_in());
  return match.has_value() ? std::string{word(*match)} : "none";
}

struct LooseCase {
  std::string_view shown;
  std::string_view name;
  std::string_view match;
};

std::ostream& operator<<(std::ostream& out, const LooseCase& row) {
  return out << row.shown << " for " << row.name;
}

class LooseComparison : public testing::TestWithParam<LooseCase> {};

TEST_P(LooseComparison, TellsWhatDiffers) {
  EXPECT_EQ(compared(GetParam().shown, full(GetParam().name)), GetParam().match);
}

INSTANTIATE_TEST_SUITE_P(Names,
                         LooseComparison,
                         testing::Values(
                             // One slip in a long token.
                             LooseCase{"Olivia Hartwel", "Olivia Hartwell", "typo"},
                             LooseCase{"Robert Kowalcyzk", "Robert Kowalczyk", "typo"},
                             LooseCase{"Kowalcyzk, Robert", "Robert Kowalczyk", "typo"},
                             LooseCase{"Robert Kowalczyck", "Robert Kowalczyk", "typo"},
                             LooseCase{"Иван Хрущов", "Иван Хрущев", "typo"},
                             // Two slips, or one where it makes another name.
                             LooseCase{"Olivia Hartvel", "Olivia Hartwell", "none"},
                             LooseCase{"Oliver Hartwell", "Olivia Hartwell", "none"},
                             LooseCase{"Roberta Kowalczyk", "Robert Kowalczyk", "none"},
                             LooseCase{"Joan Smith", "John Smith", "none"},
                             LooseCase{"John Schmidt", "John Smith", "none"},
                             LooseCase{"John Smyth", "John Smith", "none"},
                             LooseCase{"John Andersen", "John Anderson", "none"},
                             // A middle name put in or left out, a surname left out.
                             LooseCase{"Olivia Jane Hartwell", "Olivia Hartwell", "typo"},
                             LooseCase{"Adam John Smith", "John Smith", "none"},
                             LooseCase{"Maria Garcia", "María José García Núñez", "typo"},
                             LooseCase{"Jose Garcia", "María José García Núñez", "none"},
                             LooseCase{"John Smith", "John Adam Smith", "typo"},
                             LooseCase{"John A Smith", "John Adam Smith", "typo"},
                             LooseCase{"Adam Smith", "John Adam Smith", "none"},
                             LooseCase{"Jan Berg", "Jan van der Berg", "none"},
                             // Short names, both ways, alone.
                             LooseCase{"Bob Kowalczyk", "Robert Kowalczyk", "nickname"},
                             LooseCase{"Robert Kowalczyk", "Bob Kowalczyk", "nickname"},
                             LooseCase{"Bob Kowalcyzk", "Robert Kowalczyk", "none"},
                             LooseCase{"Bob", "Robert Kowalczyk", "none"},
                             // Letters written as two.
                             LooseCase{"Juergen Gross", "Jürgen Groß", "typo"},
                             LooseCase{"Jürgen Groß", "Juergen Gross", "typo"},
                             LooseCase{"Bjoern Aagaard", "Bjørn Ågård", "typo"},
                             LooseCase{"Bjoern Agard", "Bjørn Ågård", "none"}));

TEST(LooseComparison, KnowsThePartsThatTheDirectoryGives) {
  const FullName name =
      full_name("Robert James Miller", "Robert James", "Miller", NicknameTable::built_in());
  EXPECT_EQ(name.given, 2U);
  EXPECT_EQ(compared("Robert Miller", name), "typo");
  EXPECT_EQ(compared("Robert J Miller", name), "typo");
  EXPECT_EQ(compared("Bob James Miller", name), "nickname");
  EXPECT_EQ(compared("Robert James", name), "none");
}

TEST(LooseComparison, ANameOfOneWordOrOfIdeographsIsNotVaried) {
  EXPECT_TRUE(full("Madonna").tokens.empty());
  EXPECT_TRUE(full("王小明").tokens.empty());
  EXPECT_TRUE(full("One Two Three Four Five Six").tokens.empty());
  EXPECT_EQ(compared("Madona", full("Madonna")), "none");
}

std::vector<std::string> one_edit_variants(const std::string& token) {
  std::vector<std::string> variants;
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string deleted = token;
    deleted.erase(i, 1);
    variants.push_back(deleted);
    std::string replaced = token;
    replaced[i] = 'q';
    variants.push_back(replaced);
    std::string inserted = token;
    inserted.insert(i, 1, 'q');
    variants.push_back(inserted);
    if (i + 1 < token.size() && token[i] != token[i + 1]) {
      std::string exchanged = token;
      std::swap(exchanged[i], exchanged[i + 1]);
      variants.push_back(exchanged);
    }
  }
  variants.push_back(token + 'q');
  return variants;
}

bool is_found(const FullName& name, const std::vector<std::string>& shown) {
  const std::vector<SpellingEntry> stored = spelling_entries(name);
  return std::ranges::any_of(spelling_look_ups(shown), [&](const SpellingEntry& look_up) {
    return std::ranges::any_of(stored, [&](const SpellingEntry& entry) {
      return entry.bucket == look_up.bucket && is_one_edit(entry.token, look_up.token);
    });
  });
}

// The index loses nothing: whatever one edit makes of a token, one of its buckets is looked at.
TEST(SpellingIndex, FindsEveryMisspelling) {
  for (const char* surname : {"hopper", "babbage", "lovelace", "kowalczyk"}) {
    const FullName name{
        .tokens = {"grace", surname}, .given = 1, .nicknames = {}, .transcribed = {}};
    for (const std::string& variant : one_edit_variants(surname)) {
      EXPECT_TRUE(is_one_edit(variant, surname)) << variant;
      EXPECT_TRUE(is_found(name, {"grace", variant})) << variant;
    }
    EXPECT_FALSE(is_found(name, {"grace", surname}));
    EXPECT_FALSE(is_found(name, {"maria", std::string{surname} + 'q'}));
  }
  const FullName given{
      .tokens = {"katherine", "lee"}, .given = 1, .nicknames = {}, .transcribed = {}};
  for (const std::string& variant : one_edit_variants("katherine")) {
    EXPECT_TRUE(is_found(given, {variant, "lee"})) << variant;
  }
}

TEST(SpellingIndex, AsksLittleOfAMessage) {
  EXPECT_LE(spelling_look_ups(std::vector<std::string>{"katherine", "johnson"}).size(), 4U);
  EXPECT_TRUE(spelling_look_ups(std::vector<std::string>{"ada", "lee"}).empty());
  EXPECT_TRUE(spelling_look_ups(std::vector<std::string>{"newsletters"}).empty());
  const std::vector<std::string> many(kMaximumFullNameTokens + 1, "something");
  EXPECT_TRUE(spelling_look_ups(many).empty());
}

TEST(OneEdit, CountsCharactersNotOctets) {
  EXPECT_TRUE(is_one_edit("müller", "muller"));
  EXPECT_TRUE(is_one_edit("хрущев", "хрущёв"));
  EXPECT_FALSE(is_one_edit("müller", "müller"));
  EXPECT_FALSE(is_one_edit("abcd", "badc"));
  EXPECT_FALSE(is_one_edit("", "ab"));
  EXPECT_TRUE(is_one_edit("", "a"));
}

}  // namespace
}  // namespace policy

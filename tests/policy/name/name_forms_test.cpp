// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/name_forms.h"

#include "policy/ascii.h"
#include "policy/name/name_keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

void expect_same_forms(const std::string& name) {
  const std::vector<NameForm> fast = name_forms(name);
  const std::vector<NameForm> whole = name_forms_by_unicode(name);
  ASSERT_EQ(fast.size(), whole.size()) << name;
  for (std::size_t i = 0; i < fast.size(); ++i) {
    EXPECT_EQ(fast[i], whole[i]) << name << " form " << i;
  }
}

// The characters that names are made of come often, so that words and separators get mixed.
std::string random_ascii(std::mt19937& random) {
  constexpr std::string_view kLikely = "aeilmnorstAIJMS013 '-.";
  std::string text;
  const std::size_t length = random() % 24;
  for (std::size_t i = 0; i < length; ++i) {
    text +=
        random() % 4 == 0 ? static_cast<char>(random() % 128) : kLikely[random() % kLikely.size()];
  }
  return text;
}

// The local part of an address that spells the shown name is not looked for again.
TEST(NameForms, LowerCaseLeadsToNoKeyThatTheTextAsItIsDoesNotLeadTo) {
  std::mt19937 random{20261123};  // NOLINT(cert-msc51-cpp): a failure must come again
  for (int i = 0; i < 20'000; ++i) {
    std::string shown = random_ascii(random);
    std::string lower = shown;
    std::ranges::transform(lower, lower.begin(), ascii_lower);
    if (!is_plainly_ascii(lower)) {
      continue;
    }
    const std::vector<std::string> keys = name_keys(shown);
    for (const std::string& key : name_keys(lower)) {
      EXPECT_NE(std::ranges::find(keys, key), keys.end()) << shown << ": " << key;
    }
  }
}

TEST(NameForms, FastPathGivesWhatTheWholePathGives) {
  for (int c = 0; c < 128; ++c) {
    expect_same_forms(std::string(1, static_cast<char>(c)));
    expect_same_forms(std::string{"John"} + static_cast<char>(c) + "Smith");
    expect_same_forms(std::string{"a"} + static_cast<char>(c) + " 5 b");
  }
  std::mt19937 random{20261121};  // NOLINT(cert-msc51-cpp): a failure must come again
  for (int i = 0; i < 20'000; ++i) {
    expect_same_forms(random_ascii(random));
  }
}

TEST(NameForms, FastPathGivesWhatTheWholePathGivesForRealNames) {
  const std::filesystem::path path =
      std::filesystem::path{FROMGUARD_SOURCE_DIR} / "../shared/data/names/protected.jsonl";
  std::ifstream file{path};
  if (!file) {
    GTEST_SKIP() << "no corpus of real names at " << path;
  }
  std::string line;
  std::size_t count = 0;
  while (std::getline(file, line)) {
    const std::size_t start = line.find(R"("name": ")") + 9;
    const std::string name = line.substr(start, line.find('"', start) - start);
    expect_same_forms(name);
    ++count;
  }
  EXPECT_GT(count, 1000U);
}

TEST(NameForms, NumbersAreNoPartOfAName) {
  EXPECT_EQ(name_forms("John Smith +1 555 0100").front().tokens,
            name_forms("John Smith").front().tokens);
  EXPECT_TRUE(name_forms("007 42").empty());
  EXPECT_TRUE(name_forms("").empty());
  EXPECT_TRUE(name_forms("\xf0\x9f\x8e\x89 !").empty());
}

TEST(NameForms, TakesAnyOctets) {
  std::mt19937 random{7};  // NOLINT(cert-msc51-cpp): a failure must come again
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 40; n > 0; --n) {
      text += static_cast<char>(random());
    }
    for (const NameForm& form : name_forms(text)) {
      EXPECT_FALSE(form.tokens.empty());
    }
  }
}

// A NUL between them hid the letter and the sign that is read as one from the short way.
TEST(NameForms, ANulHidesNoLookalike) {
  for (const std::string_view name : {std::string_view{"M\0@ria Stone", 12},
                                      std::string_view{"Da\0v\0vson", 9},
                                      std::string_view{"Mac\0lean", 8}}) {
    EXPECT_EQ(name_forms(name), name_forms_by_unicode(name));
  }
  EXPECT_EQ(name_forms(std::string_view{"M\0@ria Stone", 12}), name_forms("M@ria Stone"));
}

// The tokens of the first form, which is never left out.
std::vector<std::string> unfolded_tokens(const std::string& name) {
  const std::vector<NameForm> forms = name_forms_by_unicode(name);
  const auto form = std::ranges::find(forms, NameForm::Path::kUnfolded, &NameForm::path);
  return form != forms.end() ? form->tokens : std::vector<std::string>{};
}

// Of a long text each word is worked out once and by itself: nothing may come of it that depends on
// the words beside it, not even where a word begins with a mark.
TEST(NameForms, OfALongTextAreThoseOfItsWords) {
  constexpr std::array<std::string_view, 24> kPieces{
      "a",      "M",      "rn",     "1",      "0",      "vv",     "\u00e9", "\u0301",
      "\u3099", "\u0323", "\u0430", "\u0391", "\u05d0", "\u0915", "\u094d", "\u1112",
      "\u1161", "\uac00", "\u674e", "\u30cf", "\ufb01", "\uff21", "\u200b", "\u00b4"};
  std::mt19937 random{11};  // NOLINT(cert-msc51-cpp): a failure must come again
  for (int i = 0; i < 300; ++i) {
    std::string text;
    std::vector<std::string> tokens;
    for (int words = 0; words < 40; ++words) {
      std::string word;
      for (std::size_t n = 1 + random() % 4; n > 0; --n) {
        word += kPieces.at(random() % kPieces.size());
      }
      text += (words == 0 ? "" : " ") + word;
      const std::vector<std::string> alone = unfolded_tokens(word);
      tokens.insert(tokens.end(), alone.begin(), alone.end());
    }
    EXPECT_EQ(unfolded_tokens(text), tokens) << text;
  }
}

TEST(NameForms, AreTheSameWhateverTextsCameBefore) {
  const std::string words = "Ада L0ve1ace Ａda lövélace 李 rn 1ll0 of a text that is not short";
  KnownWords known;
  for (const std::string& text : {words, words + " and more", "Ada " + words, words}) {
    EXPECT_EQ(name_forms(text, known), name_forms(text)) << text;
  }
  EXPECT_FALSE(known.empty());
}

TEST(NameForms, TextsThatMayBeShownInSeveralWaysCountAsOften) {
  EXPECT_EQ(most_readings("Ada Lovelace"), 1U);
  EXPECT_EQ(most_readings("Zoë Świątek 王小明"), 1U);
  EXPECT_EQ(most_readings("\u202eecalevoL adA"), 3U);
  EXPECT_EQ(most_readings("Ada\u3164Lovelace"), 2U);
  EXPECT_EQ(most_readings("\u202eecalevoL\u2800adA"), 6U);
}

}  // namespace
}  // namespace policy

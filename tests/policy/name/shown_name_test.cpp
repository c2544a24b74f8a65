// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/shown_name.h"

#include "policy/name/decoration_lexicon.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace policy {
namespace {

bool is_contoso(std::string_view token) {
  return token == lexicon_token("contoso");
}

bool tries(std::string_view shown, std::string_view name) {
  const auto result = shown_name_candidates(shown, DecorationLexicon::built_in(), is_contoso);
  return std::ranges::find(result.candidates, name, &ShownNameCandidate::text) !=
         result.candidates.end();
}

TEST(ShownNameCandidates, TheWholeTextComesFirst) {
  const auto result =
      shown_name_candidates("Ada Lovelace", DecorationLexicon::built_in(), is_contoso);
  ASSERT_EQ(result.candidates.size(), 1U);
  EXPECT_EQ(result.candidates.front().text, "Ada Lovelace");
  EXPECT_EQ(result.candidates.front().part, ShownNameCandidate::Part::kWhole);
}

TEST(ShownNameCandidates, DecorationsAreTakenOff) {
  for (const std::string_view shown : {"Mr. Ada Lovelace",
                                       "CEO Ada Lovelace",
                                       "СEO Ada Lovelace",  // Cyrillic
                                       "Ada B. Lovelace",
                                       "Ada Lovelace, PhD",
                                       "Ada Lovelace - Managing Director",
                                       "Ada Lovelace – Managing Director",
                                       "Ada Lovelace | Whoever",
                                       "Ada|Lovelace",
                                       "IT Support Ada Lovelace",
                                       "Ada Lovelace ｜ Whoever",
                                       "Ada Lovelace @ Whoever",
                                       "[Whoever] Ada Lovelace",
                                       "Whoever (Ada Lovelace)",
                                       "Ada Lovelace via Docusign",
                                       "Ada Lovelace on behalf of Whoever",
                                       "Ada Lovelace in Teams",
                                       "Ada Lovelace shared a document",
                                       "Contoso Corp Ada Lovelace",
                                       "Geschäftsführerin Ada Lovelace"}) {
    EXPECT_TRUE(tries(shown, "Ada Lovelace")) << shown;
  }
}

TEST(ShownNameCandidates, DecorationsAreKnownInOtherLanguages) {
  for (const std::string_view shown :
       {"Frau Dr. med. Ada Lovelace",
        "Ada Lovelace, Mitglied des Vorstands",
        "Madame Ada Lovelace",
        "Ada Lovelace - Présidente Directrice Générale",
        "Ada Lovelace a partagé un document avec vous",
        "Ada Lovelace dans Teams",
        "Ada Lovelace Directora Financiera",
        "Dott.ssa Ada Lovelace",
        "Ada Lovelace ha condiviso un file con te",
        "Diretora Executiva Ada Lovelace",
        "Algemeen Directeur Ada Lovelace",
        "Ada Lovelace namens Whoever",
        "Prezes Zarządu Ada Lovelace",
        "Genel Müdür Yardımcısı Ada Lovelace",
        "ESTERNO Ada Lovelace",
        "Ada Lovelace aracılığıyla Whoever",
        "Finance on behalf of Ada Lovelace",
        "Ada Lovelace is inviting you to a scheduled Zoom meeting"}) {
    EXPECT_TRUE(tries(shown, "Ada Lovelace")) << shown;
  }
}

TEST(ShownNameCandidates, TitlesGluedToANameAreTakenOff) {
  for (const std::string_view shown : {"田中太郎様",
                                       "田中太郎 様",
                                       "田中太郎さん",
                                       "田中太郎社長様",
                                       "代表取締役社長田中太郎",
                                       "代表取締役 田中太郎",
                                       "Contoso 田中太郎部長",
                                       "田中太郎様（経理）",
                                       "田中太郎\u200B様"}) {
    EXPECT_TRUE(tries(shown, "田中太郎")) << shown;
  }
  EXPECT_TRUE(tries("王小明总经理", "王小明"));
  EXPECT_TRUE(tries("总经理王小明", "王小明"));
  EXPECT_TRUE(tries("王小明董事長", "王小明"));
  EXPECT_TRUE(tries("김철수 대표이사님", "김철수"));
  EXPECT_TRUE(tries("김철수부장님", "김철수"));
}

TEST(ShownNameCandidates, OnlyTitlesBesideAWholeNameAreGlued) {
  EXPECT_FALSE(tries("王先生", "王"));
  EXPECT_FALSE(tries("様田太郎", "田太郎"));
  EXPECT_FALSE(tries("田中太郎", "田中"));
  EXPECT_FALSE(tries("Lovelacemr", "Lovelace"));
  EXPECT_EQ(undecorated_name("山田部長", ""), "");
}

TEST(ShownNameCandidates, PartsOfOtherNamesAreNotTakenOut) {
  for (const std::string_view shown : {"The John Smith Foundation",
                                       "John Smith & Sons Ltd",
                                       "John, Smith & Partners LLP",
                                       "Reminder for John Smith",
                                       "John Smith Ltd",
                                       "Jane and John Smith",
                                       "John Smith-Jones"}) {
    EXPECT_FALSE(tries(shown, "John Smith")) << shown;
  }
}

TEST(ShownNameCandidates, MoreSegmentsThanAreLookedAtAreTold) {
  std::string many;
  for (int i = 0; i < 100; ++i) {
    many += "Ada Lovelace" + std::to_string(i) + "|";
  }
  const auto result = shown_name_candidates(many, DecorationLexicon::built_in(), is_contoso);
  EXPECT_TRUE(result.has_more);
  EXPECT_LE(result.candidates.size(), 3 * kMaximumSegments);
}

}  // namespace
}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/verdict.h"
#include "policy/base64.h"
#include "tests/evaluation/corpus.h"

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

namespace tests {
namespace {

struct Score {
  std::size_t rows = 0;
  std::size_t as_expected = 0;
  std::size_t wrongly_flagged = 0;
};

// Role mailboxes are protected as such.
bool is_role_mailbox(const boost::json::object& row) {
  return text_of(row, "protected_name") == "Accounts Payable";
}

bool is_flagged(const boost::json::object& row) {
  policy::Person person =
      protected_person(text_of(row, "protected_name"), texts_of(row, "protected_emails"));
  person.role_mailbox = is_role_mailbox(row);
  const Evaluation evaluation{"example", {"example.com"}, {person}};
  const std::string header = policy::decode_base64(text_of(row, "raw_b64")).value();
  return evaluation.judge(header).kind == gateway::Verdict::Kind::kFinding;
}

Score score(std::string_view tier) {
  Score score;
  for (const boost::json::object& row :
       read_rows(std::filesystem::path{FROMGUARD_SOURCE_DIR} / "tests/data/taxonomy.jsonl")) {
    if (text_of(row, "tier") != tier) {
      continue;
    }
    const bool expected = text_of(row, "expected") == "flag";
    const bool flagged = is_flagged(row);
    ++score.rows;
    score.as_expected += flagged == expected ? 1U : 0U;
    score.wrongly_flagged += flagged && !expected ? 1U : 0U;
    if (flagged != expected) {
      std::cout << "  " << text_of(row, "id")
                << " is not as expected: " << text_of(row, "from_header") << '\n';
    }
  }
  std::cout << "taxonomy, tier " << tier << ": " << score.as_expected << " of " << score.rows
            << " rows as expected, " << score.wrongly_flagged << " wrongly flagged\n";
  return score;
}

TEST(Taxonomy, CoreRowsAreAsExpected) {
  const Score core = score("core");
  EXPECT_GE(static_cast<double>(core.as_expected), 0.95 * static_cast<double>(core.rows));
  EXPECT_EQ(core.wrongly_flagged, 0U);
}

TEST(Taxonomy, DecorationsDoNotMakeOtherNames) {
  const Score contains = score("contains");
  EXPECT_EQ(contains.as_expected, contains.rows);
}

TEST(Taxonomy, StructureShowsTheNamesItHides) {
  const Score structure = score("structure");
  EXPECT_GE(static_cast<double>(structure.as_expected), 0.95 * static_cast<double>(structure.rows));
  EXPECT_EQ(structure.wrongly_flagged, 0U);
}

TEST(Taxonomy, WhatIsOffFlagsNobody) {
  EXPECT_EQ(score("fuzzy").wrongly_flagged, 0U);
  EXPECT_EQ(score("localpart").wrongly_flagged, 0U);
}

}  // namespace
}  // namespace tests

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/verdict.h"
#include "policy/people/person.h"
#include "tests/evaluation/corpus.h"

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace tests {
namespace {

// The names may not be copied into the project; they stand beside it where it is evaluated.
TEST(RealNames, InnocentMailIsLeftAlone) {
  const std::filesystem::path folder =
      std::filesystem::path{FROMGUARD_SOURCE_DIR} / "../shared/data/names";
  if (!std::filesystem::exists(folder / "innocent.jsonl")) {
    GTEST_SKIP() << "no corpus of real names at " << folder;
  }
  std::vector<policy::Person> people;
  for (const boost::json::object& row : read_rows(folder / "protected.jsonl")) {
    people.push_back(protected_person(text_of(row, "name"), texts_of(row, "addresses")));
  }
  const Evaluation evaluation{"names", {"names.example"}, people};
  std::size_t innocent = 0;
  std::size_t flagged = 0;
  std::size_t namesakes = 0;
  std::size_t namesakes_flagged = 0;
  for (const boost::json::object& row : read_rows(folder / "innocent.jsonl")) {
    const std::string from = text_of(row, "from");
    const bool found = evaluation.judge("From: " + from).kind == gateway::Verdict::Kind::kFinding;
    if (text_of(row, "label") == "namesake") {
      ++namesakes;
      namesakes_flagged += found ? 1U : 0U;
      continue;
    }
    ++innocent;
    flagged += found ? 1U : 0U;
    if (found) {
      std::cout << "  flagged: " << from << '\n';
    }
  }
  std::cout << "real names: " << flagged << " of " << innocent << " innocent values flagged; "
            << namesakes_flagged << " of " << namesakes << " namesakes, by design\n";
  EXPECT_LE(static_cast<double>(flagged), 0.001 * static_cast<double>(innocent));
}

}  // namespace
}  // namespace tests

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/session/verdict.h"
#include "policy/verdict/finding.h"
#include "tests/evaluation/corpus.h"

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

namespace tests {
namespace {

// The rows hold Latin-1: each character stands for one octet.
std::string octets_of(std::string_view latin_1) {
  std::string octets;
  for (std::size_t i = 0; i < latin_1.size(); ++i) {
    const auto octet = static_cast<unsigned char>(latin_1[i]);
    if (octet < 0x80 || i + 1 == latin_1.size()) {
      octets += latin_1[i];
      continue;
    }
    const auto next = static_cast<unsigned char>(latin_1[++i]);
    octets += static_cast<char>(((octet & 0x03U) << 6U) | (next & 0x3FU));
  }
  return octets;
}

bool is_noted_or_found(const gateway::Verdict& verdict) {
  return verdict.kind == gateway::Verdict::Kind::kFinding || !verdict.noted.empty();
}

TEST(Ambiguity, EveryAmbiguousFieldIsAtLeastNoted) {
  const Evaluation evaluation{"legit",
                              {"legit.example"},
                              {protected_person("Admin", {"admin@legit.example"}),
                               protected_person("Boss", {"boss@legit.example"})}};
  std::size_t rows = 0;
  std::size_t as_expected = 0;
  for (const boost::json::object& row :
       read_rows(std::filesystem::path{FROMGUARD_SOURCE_DIR} / "tests/data/ambiguity.jsonl")) {
    const std::string expected = text_of(row, "expect");
    if (expected != "ambiguous" && expected != "impersonation" && expected != "ok") {
      continue;
    }
    const gateway::Verdict verdict = evaluation.judge(octets_of(text_of(row, "raw_headers")));
    const bool found = verdict.kind == gateway::Verdict::Kind::kFinding;
    const bool right = expected == "ambiguous"       ? is_noted_or_found(verdict)
                       : expected == "impersonation" ? found
                                                     : !found;
    ++rows;
    as_expected += right ? 1U : 0U;
    if (!right) {
      std::cout << "  " << text_of(row, "id") << " is not as expected (" << expected
                << "): " << text_of(row, "why") << '\n';
    }
  }
  std::cout << "ambiguity: " << as_expected << " of " << rows << " rows as expected\n";
  EXPECT_GE(static_cast<double>(as_expected), 0.95 * static_cast<double>(rows));
}

}  // namespace
}  // namespace tests

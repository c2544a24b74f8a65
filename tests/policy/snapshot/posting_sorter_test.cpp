// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/snapshot/posting_sorter.h"

#include "policy/people/person.h"
#include "policy/result.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <map>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace policy {
namespace {

using Lists = std::map<std::string, std::vector<PersonNumber>>;

Lists visit(PostingSorter& sorter) {
  Lists lists;
  std::string before;
  const auto visited =
      sorter.visit_sorted([&](std::string_view key, std::span<const PersonNumber> people) {
        EXPECT_TRUE(lists.empty() || before < key);
        before = key;
        lists[before] = {people.begin(), people.end()};
        return Result<void>{};
      });
  EXPECT_TRUE(visited.has_value());
  return lists;
}

TEST(PostingSorter, GivesNothingOfNothing) {
  PostingSorter sorter;
  EXPECT_TRUE(visit(sorter).empty());
}

TEST(PostingSorter, SortsAndJoinsWhateverTheSizeOfItsRuns) {
  for (const std::size_t run_octets : {1UL, 20UL, 300UL, 1'000'000UL}) {
    PostingSorter sorter{run_octets};
    std::mt19937 random{7};  // NOLINT(cert-msc51-cpp): the same pairs in every run
    std::uniform_int_distribution<PersonNumber> person{0, 20};
    std::uniform_int_distribution<int> letter{0, 40};
    std::map<std::string, std::set<PersonNumber>> expected;
    for (int i = 0; i < 500; ++i) {
      const std::string key(static_cast<std::size_t>(letter(random) % 4),
                            static_cast<char>('a' + letter(random)));
      const PersonNumber number = person(random);
      sorter.add(key, number);
      expected[key].insert(number);
    }
    const Lists lists = visit(sorter);
    ASSERT_EQ(lists.size(), expected.size());
    for (const auto& [key, people] : expected) {
      EXPECT_EQ(lists.at(key), (std::vector<PersonNumber>{people.begin(), people.end()}));
    }
  }
}

TEST(PostingSorter, StopsAtTheFirstFailure) {
  PostingSorter sorter;
  sorter.add("a", 1);
  sorter.add("b", 1);
  int visits = 0;
  const auto visited =
      sorter.visit_sorted([&](std::string_view, std::span<const PersonNumber>) -> Result<void> {
        ++visits;
        return fail(ErrorCode::kUnavailable, "disk full");
      });
  EXPECT_FALSE(visited.has_value());
  EXPECT_EQ(visits, 1);
}

}  // namespace
}  // namespace policy

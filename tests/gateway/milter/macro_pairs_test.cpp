// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/milter/macro_pairs.h"

#include "tests/support/milter_protocol.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace gateway {
namespace {

using namespace std::string_view_literals;

std::string packet(char command, std::string_view data) {
  std::string bytes;
  tests::append_packet(bytes, command, data);
  return bytes;
}

// What each list of macros comes between.
const std::string kBefore = packet('O', "\0\0\0\6\0\0\1\xff\0\x1f\xff\xff"sv);
const std::string kAfter = packet('M', "<a@client.example>\0"sv);

bool are_whole_at_once(std::string_view octets) {
  return MacroPairs{}.are_whole_after(octets);
}

bool are_whole_one_by_one(std::string_view octets) {
  MacroPairs pairs;
  bool are_whole = true;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    are_whole = pairs.are_whole_after(octets.substr(i, 1));
  }
  return are_whole;
}

struct List {
  const char* about;
  std::string_view data;
  bool is_whole;
};

class MacroPairsTest : public testing::TestWithParam<List> {};

TEST_P(MacroPairsTest, AListIsWholeIfEachNameHasAValue) {
  const std::string octets = kBefore + packet('D', GetParam().data) + kAfter;
  EXPECT_EQ(are_whole_at_once(octets), GetParam().is_whole);
  EXPECT_EQ(are_whole_one_by_one(octets), GetParam().is_whole);
}

INSTANTIATE_TEST_SUITE_P(Lists,
                         MacroPairsTest,
                         testing::Values(List{"None", "C"sv, true},
                                         List{"One", "Mi\0004ZkQ\0"sv, true},
                                         List{
                                             "Two", "Cj\0relay.example\0{if_name}\0eth0\0"sv, true},
                                         List{"EmptyValue", "C{auth_authen}\0\0"sv, true},
                                         List{"NoValue", "Mi\0"sv, false},
                                         List{"NoSecondValue", "Cj\0relay.example\0v\0"sv, false},
                                         List{"NoEndOfValue", "Mi\0004ZkQ"sv, false},
                                         List{"NoData", ""sv, true}),
                         [](const auto& list) { return std::string{list.param.about}; });

TEST(MacroPairsInTimeTest, OtherCommandsAreNotListsOfMacros) {
  const std::string header = packet('L', "From\0Ada\0rest\0"sv);
  EXPECT_TRUE(are_whole_at_once(header + packet('M', "<>\0"sv) + header));
}

TEST(MacroPairsInTimeTest, AListIsToldOfWithItsLastOctetAndForGood) {
  const std::string octets = packet('D', "Mi\0"sv);
  MacroPairs pairs;
  EXPECT_TRUE(pairs.are_whole_after(std::string_view{octets}.substr(0, octets.size() - 1)));
  EXPECT_FALSE(pairs.are_whole_after(std::string_view{octets}.substr(octets.size() - 1)));
  EXPECT_FALSE(pairs.are_whole_after(kAfter));
}

}  // namespace
}  // namespace gateway

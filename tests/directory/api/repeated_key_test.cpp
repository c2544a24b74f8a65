// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/repeated_key.h"

#include <gtest/gtest.h>

#include <string>

namespace directory {
namespace {

TEST(RepeatedKey, IsFoundAtAnyDepthAndHoweverItIsWritten) {
  EXPECT_EQ(find_repeated_key(R"({"a":1,"b":2,"a":3})"), "a");
  EXPECT_EQ(find_repeated_key(R"({"x":[{"y":{"a":1,"\u0061":2}}]})"), "a");
  EXPECT_EQ(find_repeated_key(R"({"":null,"":null})"), "");
}

TEST(RepeatedKey, IsNoneWhereObjectsDiffer) {
  EXPECT_FALSE(find_repeated_key(R"({"a":{"a":[{"a":1},{"a":2.5}]},"A":"a","b":"a"})").has_value());
  EXPECT_FALSE(find_repeated_key("[1,-2,18446744073709551615,true,null]").has_value());
}

TEST(RepeatedKey, IsNoneInWhatIsNoJson) {
  EXPECT_FALSE(find_repeated_key("").has_value());
  EXPECT_FALSE(find_repeated_key(R"({"a":1,)").has_value());
  EXPECT_FALSE(find_repeated_key(std::string(100'000, '[')).has_value());
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/name/common_names.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace policy {
namespace {

std::string error_of(std::string_view text) {
  const auto names = CommonNames::parse(text);
  return names.has_value() ? std::string{} : names.error().message;
}

TEST(CommonNames, HoldsBothSections) {
  const auto names = CommonNames::parse(
      "# comment\n[given names]\nMaría, Jürgen\tjoanna\n\n[surnames]\nO'Brien,Müller # end\n");
  ASSERT_TRUE(names.has_value()) << names.error().message;
  for (const std::string_view name : {"maria", "jurgen", "joanna", "obrien", "muller"}) {
    EXPECT_TRUE(names->contains(name)) << name;
  }
  EXPECT_FALSE(names->contains("end"));
  EXPECT_FALSE(names->contains(""));
}

TEST(CommonNames, ABadLineIsNamed) {
  EXPECT_EQ(error_of("[given names]\n\n[names]\n"),
            "line 3: unknown section; use [given names] or [surnames]");
  EXPECT_EQ(error_of("Ada, 42\n"), "line 1: '42' is no name of one word; write Maria, Hansen");
  EXPECT_EQ(error_of("Smith-Jones\n"),
            "line 1: 'Smith-Jones' is no name of one word; write Maria, Hansen");
}

TEST(CommonNames, TheBuiltInOnesTellNamesFromSlips) {
  EXPECT_TRUE(CommonNames::built_in().contains("hansen"));
  EXPECT_TRUE(CommonNames::built_in().contains("hanson"));
  EXPECT_TRUE(CommonNames::built_in().contains("schmitt"));
  EXPECT_FALSE(CommonNames::built_in().contains("johsnon"));
}

}  // namespace
}  // namespace policy

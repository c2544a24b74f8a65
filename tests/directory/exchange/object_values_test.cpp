// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/object_values.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <string_view>

namespace directory {
namespace {

bool is_same(std::string_view property, std::string_view left, std::string_view right) {
  return is_same_value(property, boost::json::parse(left), boost::json::parse(right));
}

TEST(ObjectValues, WhatIsReadBackIsTheSameInOtherWords) {
  EXPECT_TRUE(is_same("SenderDomains", R"(["*"])", R"(["smtp:*;1"])"));
  EXPECT_TRUE(is_same("RecipientDomains", R"(["a.example", "*"])", R"(["SMTP:*;5", "A.example"])"));
  EXPECT_TRUE(is_same("SetSCL", "-1", R"("-1")"));
  EXPECT_TRUE(is_same("RequireTls", "true", R"("True")"));
  EXPECT_TRUE(is_same(
      "SenderIPAddresses", R"(["192.0.2.1", "192.0.2.2"])", R"(["192.0.2.2/32", "192.0.2.1"])"));
  EXPECT_TRUE(is_same("EFSkipIPs", "null", "[]"));
  EXPECT_TRUE(is_same("TlsDomain", R"("")", "null"));
  EXPECT_TRUE(is_same("SmartHosts", R"("gw.example")", R"(["gw.example"])"));
}

TEST(ObjectValues, OtherValuesAreOther) {
  EXPECT_FALSE(is_same("SenderDomains", R"(["*"])", R"(["smtp:*.example;1"])"));
  EXPECT_FALSE(is_same("SenderIPAddresses", R"(["192.0.2.1"])", R"(["192.0.2.1/31"])"));
  EXPECT_FALSE(is_same("SetHeaderValue", R"("Secret")", R"("secret")"));
  EXPECT_FALSE(is_same("Enabled", "false", "true"));
}

}  // namespace
}  // namespace directory

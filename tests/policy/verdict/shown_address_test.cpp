// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/verdict/shown_address.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace policy {
namespace {

using Addresses = std::vector<std::string>;

TEST(ShownAddress, IsFoundWithTextAroundIt) {
  for (const char* text : {"ada@contoso.com",
                           "Ada@Contoso.COM",
                           "mailto:ada@contoso.com.",
                           "'ada@contoso.com'",
                           "(ada@contoso.com)",
                           "Ada <ada@contoso.com>, CEO",
                           "write to ada@contoso.com!"}) {
    EXPECT_EQ(shown_addresses(text), Addresses{"ada@contoso.com"}) << text;
  }
}

TEST(ShownAddress, IsFoundInDisguise) {
  const std::vector<std::string> disguised{
      "ada [at] contoso.com",
      "ada(at)contoso(dot)com",
      "ada at contoso dot com",
      "ada @ contoso.com",
      "ADA[AT]CONTOSO[DOT]COM",
      "\xEF\xBD\x81\xEF\xBD\x84\xEF\xBD\x81\xEF\xBC\xA0\x63ontoso.com",
      "ada@con\xE2\x80\x8Btoso.com",
  };
  for (const std::string& text : disguised) {
    EXPECT_EQ(shown_addresses(text), Addresses{"ada@contoso.com"}) << text;
  }
}

TEST(ShownAddress, KeepsTheLocalPartWhole) {
  EXPECT_EQ(shown_addresses("first.last+tag_x=y&z-w@mail.contoso.com"),
            Addresses{"first.last+tag_x=y&z-w@mail.contoso.com"});
}

TEST(ShownAddress, BringsAnInternationalDomainToItsALabels) {
  EXPECT_EQ(shown_addresses("ada@bücher.example"), Addresses{"ada@xn--bcher-kva.example"});
}

TEST(ShownAddress, FindsEachOfSeveralOnce) {
  EXPECT_EQ(shown_addresses("a@x.example b@y.example A@X.example"),
            (Addresses{"a@x.example", "b@y.example"}));
  EXPECT_EQ(shown_addresses("a@x.example@y.example"),
            (Addresses{"a@x.example", "x.example@y.example"}));
}

TEST(ShownAddress, NeedsALocalPartAndADomainWithADot) {
  for (const char* text : {"",
                           "Ada Lovelace",
                           "@contoso.com",
                           "ada@",
                           "ada@localhost",
                           "@",
                           "@@@@",
                           "meet at noon",
                           "... @ ..."}) {
    EXPECT_EQ(shown_addresses(text), Addresses{}) << text;
  }
}

TEST(ShownAddress, AreBoundedInNumber) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += 'a' + std::to_string(i) + "@x.example ";
  }
  EXPECT_EQ(shown_addresses(text).size(), kMaximumShownAddresses);
}

}  // namespace
}  // namespace policy

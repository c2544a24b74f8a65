// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_address.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace policy {
namespace {

TEST(CanonicalAddress, FoldsWhatMailTreatsAsEqual) {
  EXPECT_EQ(canonical_address("Ada@Contoso.COM"), "ada@contoso.com");
  EXPECT_EQ(canonical_address("\"ada.l\"@contoso.com"), "ada.l@contoso.com");
  EXPECT_EQ(canonical_address("ada(home)@contoso.com"), "ada@contoso.com");
  EXPECT_EQ(canonical_address("ada @ contoso.com."), "ada@contoso.com");
  EXPECT_EQ(canonical_address("ada@Bücher.example"), "ada@xn--bcher-kva.example");
  EXPECT_EQ(canonical_address("ada@XN--BCHER-KVA.example"), "ada@xn--bcher-kva.example");
}

TEST(CanonicalAddress, KeepsWhatTellsPeopleApart) {
  EXPECT_NE(canonical_address("a.da@contoso.com"), canonical_address("ada@contoso.com"));
  EXPECT_NE(canonical_address("ada@mail.contoso.com"), canonical_address("ada@contoso.com"));
  EXPECT_NE(canonical_address("ada+x@contoso.com"), canonical_address("ada@contoso.com"));
}

TEST(CanonicalAddress, IsTotal) {
  EXPECT_EQ(canonical_address(""), "");
  EXPECT_EQ(canonical_address("Ada"), "ada");
  EXPECT_EQ(canonical_address("\"a@b\"@c"), "a@b@c");
  EXPECT_EQ(canonical_address("ada@\xff.example"), "ada@\xff.example");
}

TEST(AddressLookupForms, FoldsThePlusTagOfTheMessageOnly) {
  EXPECT_EQ(address_lookup_forms("Ada+travel@contoso.com"),
            (std::vector<std::string>{"ada+travel@contoso.com", "ada@contoso.com"}));
  EXPECT_EQ(address_lookup_forms("+ada@contoso.com"),
            (std::vector<std::string>{"+ada@contoso.com"}));
  EXPECT_EQ(address_lookup_forms("ada@contoso.com"), (std::vector<std::string>{"ada@contoso.com"}));
}

TEST(ConfiguredAddress, IsCheckedAndCanonical) {
  EXPECT_EQ(parse_configured_address(" Ada@Contoso.com ").value(), "ada@contoso.com");
  for (const char* wrong : {"",
                            "ada",
                            "@contoso.com",
                            "ada@",
                            "a b@c.de",
                            "a@b@c",
                            "ada@-x.de",
                            "a\n@b.de",
                            "<a@b.de>"}) {
    EXPECT_FALSE(parse_configured_address(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_address.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
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

TEST(CanonicalAddress, IsTheSameForPlainAddressesAsForThoseThatAreLookedAtClosely) {
  constexpr std::string_view kLikely = "abcXYZ019.@-_+xn";
  std::mt19937 random{20261123};  // NOLINT(cert-msc51-cpp): a failure must come again
  for (int i = 0; i < 20'000; ++i) {
    std::string address;
    for (auto length = random() % 16; length > 0; --length) {
      address += random() % 4 == 0 ? static_cast<char>('!' + (random() % 94))
                                   : kLikely[random() % kLikely.size()];
    }
    // Within quotes or a comment that it opens, an empty comment would be text.
    if (address.find_first_of("\"()\\") == std::string::npos) {
      EXPECT_EQ(canonical_address(address), canonical_address("()" + address)) << address;
    }
  }
  EXPECT_EQ(canonical_address("a@b.xn--"), canonical_address("()a@b.xn--"));
  EXPECT_EQ(canonical_address("a@b.."), canonical_address("()a@b.."));
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

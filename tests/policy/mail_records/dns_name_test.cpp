// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_records/dns_name.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace policy {
namespace {

TEST(DnsName, HasLabelsThatFit) {
  EXPECT_TRUE(is_dns_name("a"));
  EXPECT_TRUE(is_dns_name(std::string(63, 'a') + ".example"));
  EXPECT_TRUE(is_dns_name("with space.and%.example"));
  std::string longest = "a";
  while (longest.size() < 253) {
    longest += ".a";
  }
  EXPECT_TRUE(is_dns_name(longest));
  EXPECT_FALSE(is_dns_name(longest + ".a"));
  EXPECT_FALSE(is_dns_name(std::string(64, 'a') + ".example"));
  EXPECT_FALSE(is_dns_name(std::string_view{"a\0b", 3}));
  for (const char* name : {"", ".", "a.", ".a", "a..b"}) {
    EXPECT_FALSE(is_dns_name(name)) << name;
  }
}

TEST(DnsName, OfMailIsAHostName) {
  EXPECT_TRUE(is_mail_domain("mail_1.contoso-x.example"));
  for (const char* name : {"localhost",
                           "[192.0.2.1]",
                           "192.0.2.1",
                           "a b.example",
                           "contoso.example.",
                           "contoso.example(",
                           "\xC3\xA4.example"}) {
    EXPECT_FALSE(is_mail_domain(name)) << name;
  }
}

TEST(DnsName, LiesWithinItselfAndItsParents) {
  EXPECT_TRUE(is_within_domain("contoso.example", "contoso.example"));
  EXPECT_TRUE(is_within_domain("mail.contoso.example", "contoso.example"));
  EXPECT_FALSE(is_within_domain("badcontoso.example", "contoso.example"));
  EXPECT_FALSE(is_within_domain("example", "contoso.example"));
}

}  // namespace
}  // namespace policy

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/mail_records/spf_record.h"

#include "policy/ip_address.h"
#include "policy/mail_records/spf_macro.h"

#include <gtest/gtest.h>

namespace policy {
namespace {

using Mechanism = SpfDirective::Mechanism;

TEST(SpfRecord, IsReadTermByTerm) {
  const auto record = parse_spf_record(
      "v=spf1 A:x.example/24//64 -MX ?ip4:192.0.2.0/28 ip6:2001:db8::/32 ~all redirect=%{d}");
  ASSERT_TRUE(record.has_value());
  ASSERT_EQ(record->directives.size(), 5U);
  const SpfDirective& host = record->directives[0];
  EXPECT_EQ(host.mechanism, Mechanism::kA);
  EXPECT_EQ(host.qualifier, '+');
  EXPECT_EQ(host.domain, "x.example");
  EXPECT_EQ(host.ip4_bits, 24U);
  EXPECT_EQ(host.ip6_bits, 64U);
  EXPECT_EQ(record->directives[1].mechanism, Mechanism::kMx);
  EXPECT_EQ(record->directives[1].qualifier, '-');
  EXPECT_EQ(record->directives[1].domain, "");
  EXPECT_EQ(record->directives[2].network, mapped_ipv4({192, 0, 2, 0}));
  EXPECT_EQ(record->directives[2].ip4_bits, 28U);
  EXPECT_EQ(record->directives[3].ip6_bits, 32U);
  EXPECT_EQ(record->directives[4].mechanism, Mechanism::kAll);
  EXPECT_EQ(record->redirect, "%{d}");
}

TEST(SpfRecord, AnErrorAnywhereIsOneOfTheWhole) {
  for (const char* text : {"v=spf10",
                           "v=spf1 foo",
                           "v=spf1 all:x",
                           "v=spf1 include:",
                           "v=spf1 ip4:192.0.2.0/33",
                           "v=spf1 ip4:2001:db8::1",
                           "v=spf1 ip6:192.0.2.1",
                           "v=spf1 a/024",
                           "v=spf1 redirect=a.example redirect=b.example",
                           "v=spf1 exists:%{x}.example",
                           "v=spf1 -all\t"}) {
    EXPECT_FALSE(parse_spf_record(text).has_value()) << text;
  }
  EXPECT_TRUE(parse_spf_record("V=SPF1").has_value());
  EXPECT_TRUE(parse_spf_record("v=spf1  -all  x=y ").has_value());
}

TEST(SpfMacro, LettersOfATextAreTold) {
  EXPECT_EQ(macro_letters("a.example"), "");
  EXPECT_EQ(macro_letters("%%.%_%-example"), "");
  EXPECT_EQ(macro_letters("%{I}.x.%{d2r}.%{d}"), "idd");
  EXPECT_EQ(macro_letters("%{d}%{x}%{i}"), "d");
  EXPECT_EQ(macro_letters("%{"), "");
}

}  // namespace
}  // namespace policy

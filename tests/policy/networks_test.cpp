// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/networks.h"

#include "policy/ip_address.h"
#include "policy/result.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace policy {
namespace {

bool contains(const std::vector<std::string>& networks, const char* address) {
  return Networks::parse(networks).value().contains(policy::parse_ip_address(address).value());
}

TEST(Networks, AnAddressIsReadAsPeopleAndSendmailWriteIt) {
  EXPECT_TRUE(policy::parse_ip_address("192.0.2.1").has_value());
  EXPECT_TRUE(policy::parse_ip_address("2001:db8::1").has_value());
  EXPECT_EQ(policy::parse_ip_address("IPv6:2001:db8::1"),
            policy::parse_ip_address("2001:DB8:0::1"));
  EXPECT_EQ(policy::parse_ip_address("::ffff:192.0.2.1"), policy::parse_ip_address("192.0.2.1"));
  for (const char* text : {"",
                           "localhost",
                           "192.0.2",
                           "192.0.2.256",
                           "192.0.2.1 ",
                           "2001:db8::/32",
                           "1.2.3.4.5",
                           "::g",
                           "0x7f.1"}) {
    EXPECT_FALSE(policy::parse_ip_address(text).has_value()) << text;
  }
}

TEST(Networks, ContainWhatTheirPrefixSays) {
  EXPECT_TRUE(contains({"192.0.2.0/24"}, "192.0.2.255"));
  EXPECT_FALSE(contains({"192.0.2.0/24"}, "192.0.3.0"));
  EXPECT_TRUE(contains({"192.0.2.128/25"}, "192.0.2.128"));
  EXPECT_FALSE(contains({"192.0.2.128/25"}, "192.0.2.127"));
  EXPECT_TRUE(contains({"2001:db8::/33"}, "2001:db8:7fff::1"));
  EXPECT_FALSE(contains({"2001:db8::/33"}, "2001:db8:8000::1"));
  EXPECT_TRUE(contains({"10.0.0.0/8", "192.0.2.1"}, "192.0.2.1"));
  EXPECT_FALSE(contains({"10.0.0.0/8", "192.0.2.1"}, "192.0.2.2"));
  EXPECT_FALSE(contains({}, "127.0.0.1"));
}

TEST(Networks, BitsBehindThePrefixDoNotMatter) {
  EXPECT_TRUE(contains({"192.0.2.77/24"}, "192.0.2.1"));
}

TEST(Networks, BothSpellingsOfAnIpv4ClientAreInside) {
  EXPECT_TRUE(contains({"127.0.0.0/8"}, "::ffff:127.0.0.1"));
  EXPECT_TRUE(contains({"::ffff:192.0.2.0/120"}, "192.0.2.9"));
}

TEST(Networks, AllOfIpv4IsNotAllOfIpv6) {
  EXPECT_TRUE(contains({"0.0.0.0/0"}, "203.0.113.7"));
  EXPECT_FALSE(contains({"0.0.0.0/0"}, "2001:db8::1"));
  EXPECT_TRUE(contains({"::/0"}, "2001:db8::1"));
}

TEST(Networks, AWrongOneIsNamed) {
  for (const char* text : {"192.0.2.0/33",
                           "2001:db8::/129",
                           "192.0.2.0/",
                           "192.0.2.0/x",
                           "192.0.2.0/-1",
                           "host/8",
                           "192.0.2.0/24/8",
                           "/8",
                           "",
                           "192.0.2.0/+8"}) {
    const auto networks = Networks::parse({"10.0.0.0/8", text});
    ASSERT_FALSE(networks.has_value()) << text;
    EXPECT_EQ(networks.error().code, ErrorCode::kInvalidInput);
    EXPECT_NE(networks.error().message.find('\'' + std::string{text} + '\''), std::string::npos);
  }
}

}  // namespace
}  // namespace policy

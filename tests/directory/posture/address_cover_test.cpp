// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/address_cover.h"

#include "policy/ip_address.h"
#include "policy/networks.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace directory {
namespace {

bool covers(const std::vector<std::string>& texts, AddressFamily family) {
  std::vector<policy::Network> networks;
  networks.reserve(texts.size());
  for (const std::string& text : texts) {
    networks.push_back(policy::parse_network(text).value());
  }
  return covers_internet(networks, family);
}

bool covers_ip4(const std::vector<std::string>& texts) {
  return covers(texts, AddressFamily::kIpv4);
}

bool covers_ip6(const std::vector<std::string>& texts) {
  return covers(texts, AddressFamily::kIpv6);
}

// The networks that leave out this address alone.
std::vector<policy::Network> all_but(std::uint32_t address) {
  std::vector<policy::Network> networks;
  for (unsigned bits = 1; bits <= 32; ++bits) {
    const std::uint32_t sibling = address ^ (1U << (32U - bits));
    networks.push_back(
        {.address = policy::mapped_ipv4({static_cast<std::uint8_t>(sibling >> 24U),
                                         static_cast<std::uint8_t>(sibling >> 16U & 0xFFU),
                                         static_cast<std::uint8_t>(sibling >> 8U & 0xFFU),
                                         static_cast<std::uint8_t>(sibling & 0xFFU)}),
         .prefix_bits = 96 + bits});
  }
  return networks;
}

TEST(AddressCover, OneNetworkOfAllAddresses) {
  EXPECT_TRUE(covers_ip4({"0.0.0.0/0"}));
  EXPECT_TRUE(covers_ip4({"203.0.113.9/0"}));
  EXPECT_TRUE(covers_ip6({"::/0"}));
  EXPECT_TRUE(covers_internet({all_addresses(AddressFamily::kIpv4)}, AddressFamily::kIpv4));
  EXPECT_TRUE(covers_internet({all_addresses(AddressFamily::kIpv6)}, AddressFamily::kIpv6));
  EXPECT_FALSE(covers_ip4({}));
  EXPECT_FALSE(covers_ip6({}));
}

TEST(AddressCover, HalvesInAnyOrderAndOverlapping) {
  EXPECT_TRUE(covers_ip4({"128.0.0.0/1", "0.0.0.0/1"}));
  EXPECT_TRUE(covers_ip4({"128.0.0.0/1", "64.0.0.0/2", "0.0.0.0/2", "64.0.0.0/3", "8.8.8.8"}));
  EXPECT_TRUE(covers_ip6({"8000::/1", "::/1"}));
  EXPECT_FALSE(covers_ip4({"0.0.0.0/1"}));
  EXPECT_FALSE(covers_ip4({"128.0.0.0/1"}));
  EXPECT_FALSE(covers_ip4({"0.0.0.0/1", "128.0.0.0/2"}));
  EXPECT_FALSE(covers_ip6({"8000::/1"}));
}

TEST(AddressCover, WhatNobodyOnTheInternetHasMayBeLeftOut) {
  EXPECT_TRUE(covers_ip4({"1.0.0.0/8",
                          "2.0.0.0/7",
                          "4.0.0.0/6",
                          "8.0.0.0/7",
                          "11.0.0.0/8",
                          "12.0.0.0/6",
                          "16.0.0.0/4",
                          "32.0.0.0/3",
                          "64.0.0.0/2",
                          "128.0.0.0/2",
                          "192.0.0.0/3"}));
  EXPECT_FALSE(covers_ip4({"1.0.0.0/8",
                           "2.0.0.0/7",
                           "4.0.0.0/6",
                           "8.0.0.0/7",
                           "12.0.0.0/6",
                           "16.0.0.0/4",
                           "32.0.0.0/3",
                           "64.0.0.0/2",
                           "128.0.0.0/2",
                           "192.0.0.0/3"}));
  EXPECT_TRUE(covers_ip6({"2000::/3"}));
  EXPECT_TRUE(covers_ip6({"2000::/4", "3000::/4"}));
  EXPECT_FALSE(covers_ip6({"2000::/4"}));
  EXPECT_FALSE(covers_ip6({"3000::/4"}));
}

TEST(AddressCover, AGapOfOneAddressIsSeen) {
  std::mt19937 random{4711};
  for (int i = 0; i < 200; ++i) {
    // 16.0.0.0/4 has nothing that is reserved.
    const auto address = static_cast<std::uint32_t>(random()) >> 4U | 0x10000000U;
    std::vector<policy::Network> networks = all_but(address);
    EXPECT_FALSE(covers_internet(networks, AddressFamily::kIpv4)) << address;
    networks.push_back(all_but(address ^ 1U).back());
    EXPECT_TRUE(covers_internet(networks, AddressFamily::kIpv4)) << address;
  }
  for (const std::uint32_t reserved : {0x0A010203U, 0x7F000001U, 0xFFFFFFFFU, 0U, 0xC0A80001U}) {
    EXPECT_TRUE(covers_internet(all_but(reserved), AddressFamily::kIpv4)) << reserved;
  }
}

}  // namespace
}  // namespace directory

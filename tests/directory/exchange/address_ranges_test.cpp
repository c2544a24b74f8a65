// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/address_ranges.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

using Ranges = std::vector<std::string>;

TEST(AddressRanges, AreAsAConnectorTakesThem) {
  EXPECT_EQ(connector_ranges({"192.0.2.10", "198.51.100.7/32", "203.0.113.16/28"}).value(),
            (Ranges{"192.0.2.10", "198.51.100.7", "203.0.113.16/28"}));
}

TEST(AddressRanges, WiderOnesAreSplit) {
  EXPECT_EQ(connector_ranges({"10.1.2.0/22"}).value(),
            (Ranges{"10.1.0.0/24", "10.1.1.0/24", "10.1.2.0/24", "10.1.3.0/24"}));
  EXPECT_EQ(connector_ranges({"10.1.0.0/16"}).value().size(), 256U);
}

TEST(AddressRanges, EachIsNamedOnce) {
  EXPECT_EQ(connector_ranges({"10.1.0.0/23", "10.1.1.0/24", "10.1.1.77/24"}).value(),
            (Ranges{"10.1.0.0/24", "10.1.1.0/24"}));
}

TEST(AddressRanges, WhatExchangeDoesNotTakeIsRefusedWithTheReason) {
  for (const auto& [network, why] : {std::pair{"2001:db8::1", "IPv4"},
                                     std::pair{"2001:db8::/64", "IPv4"},
                                     std::pair{"10.0.0.0/8", "/16"},
                                     std::pair{"10.0.0.0/33", "slash"},
                                     std::pair{"10.0.0.0/", "slash"},
                                     std::pair{"gw.example.net", "no IP address"}}) {
    const auto refused = connector_ranges({"192.0.2.1", network});
    ASSERT_FALSE(refused.has_value()) << network;
    EXPECT_NE(refused.error().message.find(why), std::string::npos) << refused.error().message;
    EXPECT_NE(refused.error().message.find(network), std::string::npos);
  }
}

}  // namespace
}  // namespace directory

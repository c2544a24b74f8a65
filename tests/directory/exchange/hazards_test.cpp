// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/desired_state.h"
#include "directory/exchange/plan.h"
#include "tests/directory/exchange/exchange_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace directory {
namespace {

using Words = std::vector<std::string>;

class HazardsTest : public ExchangeTest {
 protected:
  Words hazards(ProvisioningStage stage = {}) {
    const DesiredInput input = desired_input(stage);
    Words words;
    for (const PlanWarning& each :
         find_hazards(inventory(), desired_objects(input).value(), inbound_ranges(input).value())) {
      words.push_back(each.what);
    }
    return words;
  }
};

TEST_F(HazardsTest, AnEmptyTenantHasDirectSendAlone) {
  EXPECT_EQ(hazards(), Words{"direct_send"});
  EXPECT_EQ(hazards({.is_inbound_enabled = true, .is_locked = true, .is_outbound_enabled = false}),
            Words{});
}

TEST_F(HazardsTest, OthersThatMayMeetTheGatewaysAreNamed) {
  ASSERT_TRUE(invoke("New-InboundConnector",
                     R"({"Name": "Old gateway", "ConnectorType": "Partner", "SenderDomains": ["*"],
                         "RestrictDomainsToIPAddresses": true, "SenderIPAddresses": ["203.0.113.9"],
                         "Confirm": false})"));
  ASSERT_TRUE(invoke("New-InboundConnector",
                     R"({"Name": "Hybrid", "ConnectorType": "OnPremises", "SenderDomains": ["*"],
                         "SenderIPAddresses": ["192.0.2.10"], "Confirm": false})"));
  ASSERT_TRUE(invoke("New-OutboundConnector",
                     R"({"Name": "Archive", "ConnectorType": "Partner", "RecipientDomains": ["*"],
                         "UseMXRecord": false, "SmartHosts": ["archive.example"]})"));
  ASSERT_TRUE(invoke("New-OutboundConnector",
                     R"({"Name": "By rule", "ConnectorType": "Partner", "RecipientDomains": ["*"],
                         "UseMXRecord": true, "IsTransportRuleScoped": true})"));
  ASSERT_TRUE(invoke("New-TransportRule",
                     R"({"Name": "Let in", "SetSCL": -1, "SenderIpRanges": ["198.51.100.0/28"]})"));
  EXPECT_EQ(
      hazards(),
      (Words{
          "other_lock", "on_premises_connector", "other_outbound", "other_bypass", "direct_send"}));
}

TEST_F(HazardsTest, OurOwnAreNone) {
  ASSERT_TRUE(
      applied(desired_input(
                  {.is_inbound_enabled = true, .is_locked = true, .is_outbound_enabled = true}))
          .has_value());
  EXPECT_EQ(hazards({.is_inbound_enabled = true, .is_locked = true, .is_outbound_enabled = true}),
            Words{});
}

}  // namespace
}  // namespace directory

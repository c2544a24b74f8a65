// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/apply.h"

#include "directory/exchange/cmdlet.h"
#include "directory/exchange/desired_state.h"
#include "directory/exchange/plan.h"
#include "directory/exchange_settings.h"
#include "tests/directory/exchange/exchange_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace directory {
namespace {

using Work = std::vector<std::string>;

class ApplyTest : public ExchangeTest {};

TEST_F(ApplyTest, FromAnEmptyTenantMakesEverythingOnce) {
  const DesiredInput input = desired_input();
  EXPECT_EQ(work_of(planned(input)), (Work{"inbound create", "bypass create", "outbound create"}));
  const auto plan = applied(input);
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  EXPECT_TRUE(plan->is_fulfilled());
  EXPECT_EQ(work_of(planned(input)), Work{});
  EXPECT_EQ(inventory().objects.size(), 3U);
  const auto outbound = marked(input.marks.outbound);
  ASSERT_TRUE(outbound.has_value());
  EXPECT_FALSE(is_true(*outbound, "Enabled"));
  const auto inbound = marked(input.marks.inbound);
  ASSERT_TRUE(inbound.has_value());
  EXPECT_FALSE(is_true(*inbound, "Enabled"));
  EXPECT_FALSE(is_true(*inbound, "RestrictDomainsToIPAddresses"));
}

TEST_F(ApplyTest, GoesThroughAllStagesAndBack) {
  DesiredInput input = desired_input();
  ASSERT_TRUE(applied(input).has_value());
  input.stage = {.is_inbound_enabled = true, .is_locked = true, .is_outbound_enabled = true};
  EXPECT_EQ(work_of(planned(input)),
            (Work{"inbound change", "tenant_mark create", "outbound change"}));
  ASSERT_TRUE(applied(input).has_value());
  EXPECT_TRUE(is_true(*marked(input.marks.inbound), "RestrictDomainsToIPAddresses"));
  EXPECT_TRUE(is_true(*marked(input.marks.outbound), "Enabled"));
  EXPECT_EQ(marked(input.marks.tenant_mark)->properties.at("SetHeaderValue").as_string(),
            "Tenant-Secret");
  input.stage = {.is_inbound_enabled = true, .is_locked = false, .is_outbound_enabled = false};
  EXPECT_EQ(work_of(planned(input)),
            (Work{"inbound change", "tenant_mark remove", "outbound change"}));
  ASSERT_TRUE(applied(input).has_value());
  EXPECT_FALSE(is_true(*marked(input.marks.inbound), "RestrictDomainsToIPAddresses"));
  EXPECT_FALSE(marked(input.marks.tenant_mark).has_value());
}

TEST_F(ApplyTest, ChangesTheModeWithoutEverLeavingBoth) {
  DesiredInput input = desired_input();
  ASSERT_TRUE(applied(input).has_value());
  input.settings.mode = ExchangeSettings::Mode::kEnhanced;
  ASSERT_TRUE(applied(input).has_value());
  EXPECT_FALSE(marked(input.marks.bypass).has_value());
  EXPECT_EQ(list_of(*marked(input.marks.inbound), "EFSkipIPs"),
            (std::vector<std::string>{"192.0.2.10", "198.51.100.0/28"}));
  input.settings.mode = ExchangeSettings::Mode::kBypass;
  ASSERT_TRUE(applied(input).has_value());
  EXPECT_TRUE(marked(input.marks.bypass).has_value());
  EXPECT_TRUE(list_of(*marked(input.marks.inbound), "EFSkipIPs").empty());
}

TEST_F(ApplyTest, ByCertificateTheConnectorNamesNoAddress) {
  DesiredInput input =
      desired_input({.is_inbound_enabled = true, .is_locked = true, .is_outbound_enabled = false});
  input.settings.inbound_certificate = "*.gw.example.net";
  const auto plan = applied(input);
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  const auto inbound = marked(input.marks.inbound);
  EXPECT_TRUE(list_of(*inbound, "SenderIPAddresses").empty());
  EXPECT_TRUE(is_true(*inbound, "RestrictDomainsToCertificate"));
  EXPECT_EQ(text_of(*inbound, "TlsSenderCertificateName"), "*.gw.example.net");
}

TEST_F(ApplyTest, MendsWhatSomebodyChanged) {
  const DesiredInput input = desired_input();
  ASSERT_TRUE(applied(input).has_value());
  const std::string rule = marked(input.marks.bypass)->identity;
  const std::string connector = marked(input.marks.outbound)->identity;
  ASSERT_TRUE(
      invoke("Disable-TransportRule", R"({"Identity": ")" + rule + R"(", "Confirm": false})"));
  ASSERT_TRUE(invoke("Set-OutboundConnector",
                     R"({"Identity": ")" + connector +
                         R"(", "Name": "Renamed", "Enabled": true, "Confirm": false})"));
  EXPECT_EQ(work_of(planned(input)), (Work{"bypass change", "outbound change"}));
  ASSERT_TRUE(applied(input).has_value());
  EXPECT_EQ(work_of(planned(input)), Work{});
  EXPECT_EQ(inventory().objects.size(), 3U);
}

TEST_F(ApplyTest, DoesNothingWhereSomebodyElsesObjectHasTheName) {
  ASSERT_TRUE(invoke("New-TransportRule",
                     R"({"Name": "bypass spam filtering for FROMGUARD", "SetSCL": -1,
                         "SenderIpRanges": ["203.0.113.1"]})"));
  const DesiredInput input = desired_input();
  const ExchangePlan plan = planned(input);
  EXPECT_EQ(work_of(plan), (Work{"inbound create", "bypass conflict", "outbound create"}));
  const auto refused = applied(input);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, CmdletFailureKind::kRefused);
  EXPECT_NE(refused.error().message.find("rename or remove it"), std::string::npos);
  EXPECT_EQ(inventory().objects.size(), 1U);
}

TEST_F(ApplyTest, AnotherInstallationsObjectsAreNotOurs) {
  ASSERT_TRUE(applied(desired_input()).has_value());
  DesiredInput other = desired_input();
  other.marks.inbound = "00000000-0000-4000-8000-000000000009";
  const ExchangePlan plan = planned(other);
  EXPECT_EQ(work_of(plan), Work{"inbound conflict"});
  EXPECT_NE(plan.objects.front().reason.find("another installation"), std::string::npos);
}

TEST_F(ApplyTest, RemovesWhatIsOursAlone) {
  ASSERT_TRUE(
      invoke("New-InboundConnector",
             R"({"Name": "Fax", "ConnectorType": "Partner", "SenderDomains": ["fax.example"],
                         "Confirm": false})"));
  DesiredInput input =
      desired_input({.is_inbound_enabled = true, .is_locked = true, .is_outbound_enabled = true});
  ASSERT_TRUE(applied(input).has_value());
  auto unwanted = desired_objects(input).value();
  for (DesiredObject& each : unwanted) {
    each.is_wanted = false;
  }
  const ExchangePlan plan = make_plan(unwanted, inventory());
  std::vector<std::string> order;
  for (const PlannedObject& each : in_order_of_work(plan)) {
    order.emplace_back(word_of(each.desired.role));
  }
  EXPECT_EQ(order, (Work{"bypass", "outbound", "tenant_mark", "inbound"}));
  const auto removed = run(apply(*client_, unwanted, {}));
  ASSERT_TRUE(removed.has_value()) << removed.error().message;
  ASSERT_EQ(inventory().objects.size(), 1U);
  EXPECT_EQ(inventory().objects.front().name, "Fax");
}

TEST_F(ApplyTest, ThePlansIdTellsWhetherItStillFits) {
  const DesiredInput input = desired_input();
  const std::string before = planned(input).id;
  EXPECT_EQ(planned(input).id, before);
  DesiredInput other = input;
  other.gateway_hostname = "gw2.example.net";
  EXPECT_NE(planned(other).id, before);
  ASSERT_TRUE(applied(input).has_value());
  EXPECT_NE(planned(input).id, before);
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/small_world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tests::microsoft {
namespace {

constexpr std::string_view kNewRule = R"({"Name": "Ours", "SetSCL": -1, "Priority": 0})";

class MicrosoftExchangeControl : public testing::Test {
 protected:
  std::string seed(const std::string& fields) {
    return std::string{text_of(small.control("POST", "/control/exchange/objects", fields), "guid")};
  }

  json::array objects() {
    return small.control("GET", "/control/exchange/objects").at("objects").as_array();
  }

  void fault(const std::string& fields) { small.control("POST", "/control/faults", fields); }

  SmallWorld small;
};

TEST_F(MicrosoftExchangeControl, ObjectsOfOthersAreThereAndWatched) {
  const std::string guid = seed(R"json({"kind": "rule", "properties": {"Name": "Theirs",
    "SenderIpRanges@odata.type": "#Collection(String)", "SenderIpRanges": ["203.0.113.9"],
    "SetSCL": 5, "Priority": 0}})json");
  EXPECT_EQ(small.invoke("New-TransportRule", kNewRule).status, 200U);
  json::array all = objects();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all.at(0).at("writes"), 1);
  EXPECT_EQ(all.at(0).at("seeded"), false);
  EXPECT_EQ(text_of(all.at(1).as_object(), "guid"), guid);
  EXPECT_EQ(all.at(1).at("priority"), 1);
  EXPECT_EQ(all.at(1).at("untouched"), true);
  static_cast<void>(
      small.invoke("Set-TransportRule", R"({"Identity": "Theirs", "Comments": "changed"})"));
  all = objects();
  EXPECT_EQ(all.at(1).at("untouched"), false);
  EXPECT_EQ(all.at(1).at("properties").at("Comments"), "changed");
}

TEST_F(MicrosoftExchangeControl, SeesWhatIsHidden) {
  seed(R"({"kind": "outbound", "properties": {"Name": "Scoped", "IsTransportRuleScoped": true}})");
  EXPECT_TRUE(body_of(small.invoke("Get-OutboundConnector")).at("value").as_array().empty());
  EXPECT_EQ(objects().at(0).at("properties").at("Name"), "Scoped");
}

TEST_F(MicrosoftExchangeControl, AnAdministratorChangesAndRemovesObjects) {
  const std::string guid =
      seed(R"({"kind": "inbound", "properties": {"Name": "A", "SenderDomains": ["*"]}})");
  seed(R"({"kind": "inbound", "properties": {"Guid": ")" + guid + R"(", "Enabled": false}})");
  EXPECT_EQ(body_of(small.invoke("Get-InboundConnector")).at("value").at(0).at("Enabled"), false);
  EXPECT_EQ(objects().at(0).at("writes"), 0);
  small.control("DELETE", "/control/exchange/objects", R"({"guid": ")" + guid + R"("})");
  EXPECT_TRUE(objects().empty());
}

TEST_F(MicrosoftExchangeControl, DomainsAndTheOrganizationCanBeOtherwise) {
  seed(R"({"kind": "accepted_domain",
    "properties": {"DomainName": "contoso.example", "DomainType": "InternalRelay"}})");
  const json::object domains =
      body_of(small.invoke("Get-AcceptedDomain", R"({"Identity": "contoso.example"})"));
  EXPECT_EQ(domains.at("value").at(0).at("DomainType"), "InternalRelay");
  seed(R"({"kind": "organization_config", "properties": {"RejectDirectSend": true}})");
  EXPECT_EQ(
      body_of(small.invoke("Get-OrganizationConfig")).at("value").at(0).at("RejectDirectSend"),
      true);
}

TEST_F(MicrosoftExchangeControl, AWriteCanTakePlaceAndFail) {
  fault(R"({"kind": "applied_then_error", "cmdlet": "New-TransportRule"})");
  EXPECT_EQ(small.invoke("Get-TransportRule").status, 200U);
  EXPECT_EQ(small.invoke("New-TransportRule", kNewRule).status, 504U);
  EXPECT_EQ(objects().size(), 1U);
  fault(R"({"kind": "applied_then_error", "reset": true, "path": "/adminapi/"})");
  EXPECT_EQ(
      small.invoke("Remove-TransportRule", R"({"Identity": "Ours", "Confirm": false})").delivery,
      Delivery::kResetBefore);
  EXPECT_TRUE(objects().empty());
}

TEST_F(MicrosoftExchangeControl, WhatIsRefusedDoesNotTakePlace) {
  for (const std::string_view kind :
       {"status", "reset_before", "html", "redirect", "nul_403", "refused_concurrency"}) {
    fault(R"({"kind": ")" + std::string{kind} + R"(", "cmdlet": "New-TransportRule"})");
    static_cast<void>(small.invoke("New-TransportRule", kNewRule));
    EXPECT_TRUE(objects().empty()) << kind;
  }
}

TEST_F(MicrosoftExchangeControl, ErrorsOfAnyTypeCanBeHad) {
  fault(R"({"kind": "error_type", "path": "/adminapi/", "status": 500,
            "error": "ExABCDEF|Microsoft.Exchange.Some.TransientException|Try | again"})");
  const Response response = small.invoke("Get-TransportRule");
  EXPECT_EQ(response.status, 500U);
  EXPECT_EQ(exception_of(response), "TransientException");
  EXPECT_EQ(body_of(response).at("error").at("details").at(0).at("message"),
            "ExABCDEF|Microsoft.Exchange.Some.TransientException|Try | again");
}

TEST_F(MicrosoftExchangeControl, OneRequestAtATime) {
  fault(R"({"kind": "refused_concurrency", "path": "/adminapi/", "status": 400})");
  const Response asked_for = small.invoke("Get-TransportRule");
  EXPECT_EQ(asked_for.status, 400U);
  EXPECT_EQ(find_field(asked_for.headers, "Content-Type"), "text/plain");
  fault(R"({"kind": "slow", "path": "/adminapi/", "pause_ms": 3600000})");
  EXPECT_EQ(small.invoke("Get-TransportRule").delivery, Delivery::kLate);
  const Response second = small.invoke("Get-TransportRule");
  EXPECT_EQ(second.status, 429U);
  EXPECT_EQ(second.body, asked_for.body);
}

TEST_F(MicrosoftExchangeControl, CmdletsAreCounted) {
  static_cast<void>(small.invoke("Get-TransportRule"));
  static_cast<void>(small.invoke("New-TransportRule", kNewRule));
  const json::object counters = small.control("GET", "/control/counters");
  EXPECT_EQ(
      counters.at("requests").at("exchange POST /adminapi/beta/{}/InvokeCommand New-TransportRule"),
      1);
  EXPECT_EQ(counters.at("last").as_array().back().at("cmdlet"), "New-TransportRule");
}

}  // namespace
}  // namespace tests::microsoft

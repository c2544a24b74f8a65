// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/service.h"
#include "tests/support/microsoft/small_world.h"
#include "tests/support/microsoft/tenant.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tests::microsoft {
namespace {

constexpr std::string_view kInbound = R"({"Name": "Gateway Inbound", "ConnectorType": "Partner",
  "SenderDomains": ["*"], "RequireTls": true, "RestrictDomainsToIPAddresses": true,
  "SenderIPAddresses": ["192.0.2.0/24", "198.51.100.7"], "Comment": "ours", "Confirm": false})";
constexpr std::string_view kOutbound = R"({"Name": "Gateway Outbound", "ConnectorType": "Partner",
  "RecipientDomains": ["*"], "UseMXRecord": false, "SmartHosts": ["out.gw.example"],
  "TlsSettings": "DomainValidation", "TlsDomain": "out.gw.example", "Enabled": false})";

std::string rule(std::string_view name, std::string_view more = "") {
  return R"({"SetSCL": -1, "SenderIpRanges": ["192.0.2.0/24"], "Name": ")" + std::string{name} +
         '"' + std::string{more} + '}';
}

json::array records_of(const Response& response) {
  EXPECT_EQ(response.status, 200U) << response.body;
  const json::object body = body_of(response);
  return body.contains("value") ? body.at("value").as_array() : json::array();
}

std::vector<std::string> names_of(const Response& response) {
  std::vector<std::string> names;
  for (const json::value& record : records_of(response)) {
    names.emplace_back(text_of(record.as_object(), "Name"));
  }
  return names;
}

using Names = std::vector<std::string>;

class MicrosoftExchange : public testing::Test {
 protected:
  json::object made(std::string_view cmdlet, std::string_view parameters) {
    const json::array records = records_of(small.invoke(cmdlet, parameters));
    EXPECT_EQ(records.size(), 1U);
    return records.empty() ? json::object() : records.front().as_object();
  }

  void expect_refused(std::string_view cmdlet,
                      std::string_view parameters,
                      std::string_view exception) {
    const Response response = small.invoke(cmdlet, parameters);
    EXPECT_GE(response.status, 400U) << parameters;
    EXPECT_EQ(exception_of(response), exception) << parameters << response.body;
  }

  SmallWorld small;
};

TEST_F(MicrosoftExchange, WantsATokenThatIsForItWithItsRole) {
  const std::string path = "/adminapi/beta/" + small.tenant().id + "/InvokeCommand";
  Request request{
      .service = Service::kExchange,
      .method = "POST",
      .path = path,
      .query = {},
      .headers = {},
      .body = R"({"CmdletInput":{"CmdletName":"Get-InboundConnector","Parameters":{}}})"};
  const auto ask = [&](const std::string& token) {
    request.headers = {{"Authorization", "Bearer " + token}, {"Content-Type", "application/json"}};
    return answer(small.world, request).status;
  };
  EXPECT_EQ(answer(small.world, request).status, 401U);
  EXPECT_EQ(ask(small.token()), 401U);
  EXPECT_EQ(ask(small.exchange_token()), 200U);
  request.path.replace(request.path.find("beta"), 4, "v1.0");
  EXPECT_EQ(ask(small.exchange_token()), 200U);
  request.path = "/adminapi/beta/contoso.example/InvokeCommand";
  EXPECT_EQ(ask(small.exchange_token()), 401U);
  request.path = path;
  small.application().exchange_roles.clear();
  EXPECT_EQ(ask(small.exchange_token()), 401U);
}

TEST_F(MicrosoftExchange, WantsParametersThatAreAnObject) {
  EXPECT_EQ(small.invoke("Get-InboundConnector", "null").status, 400U);
  EXPECT_EQ(small.invoke("Get-InboundConnector", "[]").status, 400U);
  EXPECT_EQ(small.ask_exchange("InvokeCommand", R"({"CmdletInput":{"CmdletName":"Get-X"}})").status,
            400U);
  EXPECT_EQ(small.ask_exchange("InvokeCommand", "{").status, 400U);
}

TEST_F(MicrosoftExchange, AConnectorLivesFromNewToRemove) {
  const json::object inbound = made("New-InboundConnector", kInbound);
  EXPECT_EQ(inbound.at("Enabled"), true);
  EXPECT_EQ(inbound.at("SenderDomains"), json::array({"smtp:*;1"}));
  EXPECT_EQ(text_of(inbound, "SenderIPAddresses@odata.type"), "#Collection(String)");
  EXPECT_EQ(text_of(inbound, "Guid@data.type"), "System.Guid");
  const std::string guid{text_of(inbound, "Guid")};
  EXPECT_EQ(names_of(small.invoke("Get-InboundConnector")), Names{"Gateway Inbound"});
  const Response set = small.invoke(
      "Set-InboundConnector",
      R"({"Identity": ")" + guid + R"(", "Enabled": false, "Comment": null, "Name": "Renamed"})");
  EXPECT_EQ(set.status, 204U);
  EXPECT_TRUE(set.body.empty());
  const json::array changed =
      records_of(small.invoke("Get-InboundConnector", R"({"Identity": "renamed"})"));
  EXPECT_EQ(changed.at(0).at("Enabled"), false);
  EXPECT_TRUE(changed.at(0).at("Comment").is_null());
  const std::string removal = R"({"Identity": ")" + guid + R"(", "Confirm": false})";
  EXPECT_TRUE(records_of(small.invoke("Remove-InboundConnector", removal)).empty());
  EXPECT_TRUE(records_of(small.invoke("Get-InboundConnector")).empty());
  expect_refused("Remove-InboundConnector", removal, "ManagementObjectNotFoundException");
}

TEST_F(MicrosoftExchange, AnUnknownConnectorIsAllOfThem) {
  made("New-InboundConnector", kInbound);
  EXPECT_EQ(names_of(small.invoke("Get-InboundConnector", R"({"Identity": "nobody"})")),
            Names{"Gateway Inbound"});
  expect_refused(
      "Get-TransportRule", R"({"Identity": "nobody"})", "ManagementObjectNotFoundException");
  expect_refused(
      "Get-AcceptedDomain", R"({"Identity": "nobody"})", "ManagementObjectNotFoundException");
}

TEST_F(MicrosoftExchange, ConnectorsOfRulesAndOfTestsAreHidden) {
  made("New-OutboundConnector", kOutbound);
  made("New-OutboundConnector", R"({"Name": "Scoped", "IsTransportRuleScoped": true})");
  made("New-OutboundConnector",
       R"({"Name": "Tested", "RecipientDomains": ["a.example"], "TestMode": true})");
  EXPECT_EQ(names_of(small.invoke("Get-OutboundConnector")), Names{"Gateway Outbound"});
  EXPECT_EQ(names_of(small.invoke("Get-OutboundConnector", R"({"IsTransportRuleScoped": true})")),
            Names{"Scoped"});
  EXPECT_EQ(
      names_of(small.invoke("Get-OutboundConnector", R"({"IncludeTestModeConnectors": true})")),
      (Names{"Gateway Outbound", "Tested"}));
}

TEST_F(MicrosoftExchange, RulesStandByPriority) {
  made("New-TransportRule", rule("First"));
  made("New-TransportRule", rule("Second"));
  EXPECT_EQ(made("New-TransportRule", rule("Before", R"(, "Priority": 0)")).at("Priority"), 0);
  EXPECT_EQ(names_of(small.invoke("Get-TransportRule")), (Names{"Before", "First", "Second"}));
  EXPECT_EQ(small.invoke("Set-TransportRule", R"({"Identity": "Before", "Priority": 2})").status,
            204U);
  const Response rules = small.invoke("Get-TransportRule", R"({"ResultSize": "Unlimited"})");
  EXPECT_EQ(names_of(rules), (Names{"First", "Second", "Before"}));
  EXPECT_EQ(records_of(rules).at(2).at("Priority"), 2);
  EXPECT_TRUE(records_of(rules).at(0).at("RuleIdentity").is_uint64());
  expect_refused(
      "Set-TransportRule", R"({"Identity": "Before", "Priority": 3})", "DataValidationException");
}

TEST_F(MicrosoftExchange, RulesAreSwitchedByCmdletsOfTheirOwn) {
  EXPECT_EQ(text_of(made("New-TransportRule", rule("R", R"(, "Enabled": false)")), "State"),
            "Disabled");
  expect_refused(
      "Set-TransportRule", R"({"Identity": "R", "Enabled": true})", "ParameterBindingException");
  EXPECT_LT(small.invoke("Enable-TransportRule", R"({"Identity": "R"})").status, 300U);
  EXPECT_EQ(names_of(small.invoke("Get-TransportRule", R"({"State": "Enabled"})")), Names{"R"});
  expect_refused("Disable-TransportRule", R"({"Identity": "R"})", "PSInvalidOperationException");
  EXPECT_LT(small.invoke("Disable-TransportRule", R"({"Identity": "R", "Confirm": false})").status,
            300U);
  EXPECT_TRUE(names_of(small.invoke("Get-TransportRule", R"({"State": "Enabled"})")).empty());
}

TEST_F(MicrosoftExchange, AScoreReadsBackAsNumberOrText) {
  made("New-TransportRule", rule("R"));
  const auto score = [&] {
    return records_of(small.invoke("Get-TransportRule")).at(0).at("SetSCL");
  };
  EXPECT_EQ(score(), "-1");
  EXPECT_EQ(score(), -1);
}

}  // namespace
}  // namespace tests::microsoft

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

#include <algorithm>
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

TEST_F(MicrosoftExchange, RefusesParametersThatTheCmdletDoesNotTake) {
  expect_refused("Get-InboundConnector", R"({"Wish": 1})", "ParameterBindingException");
  expect_refused("New-InboundConnector", R"({"Name": "A"})", "ParameterBindingException");
  expect_refused("Set-InboundConnector", R"({"Enabled": true})", "ParameterBindingException");
  expect_refused(
      "New-OutboundConnector", R"({"Name": "A", "name": "B"})", "ParameterBindingException");
  EXPECT_EQ(small.invoke("get-inboundconnector", R"({"resultsize": 5})").status, 200U);
}

TEST_F(MicrosoftExchange, RefusesValuesOfAnotherType) {
  for (const std::string_view wrong : {R"("SenderDomains": "*")",
                                       R"("SenderDomains": ["*"], "Enabled": "true")",
                                       R"("SenderDomains": ["*"], "Enabled": null)",
                                       R"("SenderDomains": ["*"], "Comment": ["a"])",
                                       R"("SenderDomains": ["*"], "ConnectorType": "Foe")",
                                       R"("SenderDomains": ["*"], "ConnectorType": "")"}) {
    expect_refused("New-InboundConnector",
                   R"({"Name": "A", )" + std::string{wrong} + '}',
                   "ParameterTransformationException");
  }
  expect_refused(
      "New-TransportRule", R"({"Name": "A", "SetSCL": 10})", "ParameterTransformationException");
  expect_refused("New-TransportRule",
                 R"({"Name": "A", "SetSCL": 1, "Priority": -1})",
                 "ParameterTransformationException");
}

TEST_F(MicrosoftExchange, TakesTheBeginningOfAnEnumerator) {
  EXPECT_EQ(text_of(made("New-TransportRule", rule("A", R"(, "Mode": "enf")")), "Mode"), "Enforce");
  EXPECT_EQ(text_of(made("New-TransportRule", rule("B", R"(, "Mode": "audit")")), "Mode"), "Audit");
  expect_refused(
      "New-TransportRule", rule("C", R"(, "Mode": "Au")"), "ParameterTransformationException");
}

TEST_F(MicrosoftExchange, RefusesConnectorsThatExchangeWouldRefuse) {
  const std::string inbound = R"({"Name": "A", "SenderDomains": ["*"], )";
  for (const std::string_view wrong :
       {R"("SenderIPAddresses": ["192.0.2.0/23"])",
        R"("SenderIPAddresses": ["2001:db8::1"])",
        R"("SenderIPAddresses": ["192.0.2.1-192.0.2.9"])",
        R"("RestrictDomainsToIPAddresses": true)",
        R"("RestrictDomainsToCertificate": true)",
        R"("RestrictDomainsToCertificate": true, "TlsSenderCertificateName": "CN=gw")",
        R"("ConnectorType": "OnPremises", "RequireTls": true)",
        R"("ConnectorType": "OnPremises", "RestrictDomainsToIPAddresses": true,
           "SenderIPAddresses": ["192.0.2.1"])",
        R"("TreatMessagesAsInternal": true)",
        R"("EFSkipIPs": ["everywhere"])"}) {
    expect_refused(
        "New-InboundConnector", inbound + std::string{wrong} + '}', "DataValidationException");
  }
  const std::string outbound = R"({"Name": "A", )";
  for (const std::string_view wrong :
       {R"("RecipientDomains": ["*"], "UseMXRecord": false)",
        R"("RecipientDomains": ["*"], "SmartHosts": ["gw.example"])",
        R"("UseMXRecord": true)",
        R"("RecipientDomains": ["a.*.example"])",
        R"("RecipientDomains": ["*"], "TlsDomain": "gw.example")",
        R"("RecipientDomains": ["*"], "TlsSettings": "DomainValidation")",
        R"("RecipientDomains": ["*"], "UseMXRecord": false, "SmartHosts": ["not a host"])",
        R"("RecipientDomains": ["*"], "RouteAllMessagesViaOnPremises": true)"}) {
    expect_refused(
        "New-OutboundConnector", outbound + std::string{wrong} + '}', "DataValidationException");
  }
  EXPECT_TRUE(records_of(small.invoke("Get-InboundConnector")).empty());
  EXPECT_TRUE(records_of(small.invoke("Get-OutboundConnector")).empty());
}

TEST_F(MicrosoftExchange, RefusesRulesThatExchangeWouldRefuse) {
  expect_refused("New-TransportRule",
                 rule("A", R"(, "Comments": ")" + std::string(1025, 'x') + '"'),
                 "DataValidationException");
  expect_refused("New-TransportRule", rule(std::string(65, 'n')), "DataValidationException");
  expect_refused("New-TransportRule", rule("A", R"(, "Priority": 1)"), "DataValidationException");
  expect_refused("New-TransportRule",
                 rule("A", R"(, "SetHeaderName": "X-Secret")"),
                 "DataValidationException");
  expect_refused("New-TransportRule", R"({"Name": "A"})", "DataValidationException");
  expect_refused("New-TransportRule",
                 R"({"Name": "A", "SetSCL": -1, "SenderIpRanges": ["gw.example"]})",
                 "DataValidationException");
  expect_refused("New-TransportRule",
                 rule("A", R"(, "RouteMessageOutboundConnector": "nobody")"),
                 "ManagementObjectNotFoundException");
  made("New-TransportRule",
       R"({"Name": "A", "SetSCL": -1, "SenderIpRanges": ["192.0.2.0/20", "2001:db8::/32",
           "198.51.100.1-198.51.100.9"]})");
}

TEST_F(MicrosoftExchange, ANameIsGivenOnce) {
  made("New-InboundConnector", kInbound);
  expect_refused("New-InboundConnector", kInbound, "ADObjectAlreadyExistsException");
  made("New-TransportRule", rule("A"));
  made("New-TransportRule", rule("B"));
  expect_refused(
      "Set-TransportRule", R"({"Identity": "B", "Name": "a"})", "ADObjectAlreadyExistsException");
  EXPECT_LT(small.invoke("Set-TransportRule", R"({"Identity": "B", "Name": "b"})").status, 300U);
}

TEST_F(MicrosoftExchange, ASetThatMakesNoSenseChangesNothing) {
  made("New-InboundConnector", kInbound);
  expect_refused("Set-InboundConnector",
                 R"({"Identity": "Gateway Inbound", "SenderIPAddresses": [], "Comment": "theirs"})",
                 "DataValidationException");
  const json::array records = records_of(small.invoke("Get-InboundConnector"));
  EXPECT_EQ(text_of(records.at(0).as_object(), "Comment"), "ours");
  EXPECT_EQ(records.at(0).at("SenderIPAddresses").as_array().size(), 2U);
}

TEST_F(MicrosoftExchange, WhatIsClearedReadsBackAsNeverSet) {
  made("New-InboundConnector",
       R"({"Name": "A", "SenderDomains": ["*"], "EFSkipIPs": ["192.0.2.1"], "EFUsers": null})");
  static_cast<void>(
      small.invoke("Set-InboundConnector", R"({"Identity": "A", "EFSkipIPs": null})"));
  const json::array connectors = records_of(small.invoke("Get-InboundConnector"));
  EXPECT_EQ(connectors.at(0).at("EFSkipIPs"), json::array());
  EXPECT_EQ(connectors.at(0).at("EFUsers"), json::array());
  made("New-TransportRule", rule("R"));
  static_cast<void>(
      small.invoke("Set-TransportRule", R"({"Identity": "R", "SenderIpRanges": []})"));
  const json::array rules = records_of(small.invoke("Get-TransportRule"));
  EXPECT_TRUE(rules.at(0).at("SenderIpRanges").is_null());
  EXPECT_TRUE(rules.at(0).at("Conditions").is_null());
}

TEST_F(MicrosoftExchange, ARemovalIsConfirmed) {
  made("New-OutboundConnector", kOutbound);
  expect_refused("Remove-OutboundConnector",
                 R"({"Identity": "Gateway Outbound"})",
                 "PSInvalidOperationException");
  expect_refused("Remove-OutboundConnector",
                 R"({"Identity": "Gateway Outbound", "Confirm": true})",
                 "PSInvalidOperationException");
  EXPECT_EQ(names_of(small.invoke("Get-OutboundConnector")), Names{"Gateway Outbound"});
}

TEST_F(MicrosoftExchange, WhatAnErrorLooksLike) {
  const Response response = small.invoke("Get-TransportRule", R"({"Identity": "nobody"})");
  EXPECT_EQ(response.status, 404U);
  const json::object body = body_of(response);
  const json::value& error = body.at("error");
  EXPECT_EQ(error.at("code"), "NotFound");
  EXPECT_EQ(error.at("message"), "Error executing cmdlet");
  const json::object& detail = error.at("details").at(0).as_object();
  EXPECT_EQ(detail.at("code"), "Client");
  EXPECT_TRUE(text_of(detail, "message")
                  .starts_with("Ex6F9304|Microsoft.Exchange.Configuration.Tasks."
                               "ManagementObjectNotFoundException|"));
  EXPECT_EQ(error.at("innererror").at("type"),
            "Microsoft.Exchange.Admin.OData.Core.ODataServiceException");
}

TEST_F(MicrosoftExchange, RolesGrantCmdlets) {
  small.control(
      "POST", "/control/exchange/roles", R"({"management_roles": ["View-Only Configuration"]})");
  EXPECT_EQ(small.invoke("Get-TransportRule").status, 200U);
  const Response refused = small.invoke("New-InboundConnector", kInbound);
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(refused.body, std::string(refused.body.size(), '\0'));
  EXPECT_FALSE(refused.body.empty());
  small.control("POST", "/control/exchange/roles", R"({"management_roles": ["Transport Rules"]})");
  EXPECT_EQ(small.invoke("New-TransportRule", rule("R")).status, 200U);
  EXPECT_EQ(small.invoke("Get-AcceptedDomain").status, 403U);
  EXPECT_EQ(small.invoke("Get-Mailbox").status, 403U);
  small.control("POST", "/control/exchange/roles", R"({"directory_role": false})");
  EXPECT_EQ(small.invoke("Get-TransportRule").status, 403U);
}

TEST_F(MicrosoftExchange, TellsWhichCmdletsTheRolesGrant) {
  small.control("POST", "/control/exchange/roles", R"({"management_roles": ["Transport Rules"]})");
  const Response response =
      small.ask_exchange("EXOModuleFile?Version=3.9.2", "", {{"CommandName", "*"}});
  EXPECT_EQ(text_of(records_of(response).at(0).as_object(), "exportedCmdlets"),
            "Disable-TransportRule,Enable-TransportRule,Get-TransportRule,New-TransportRule,"
            "Remove-TransportRule,Set-TransportRule");
  EXPECT_EQ(small.ask_exchange("EXOModuleFile?Version=3.9.2", "").status, 400U);
  small.control("POST", "/control/exchange/roles", R"({"directory_role": false})");
  EXPECT_EQ(small.ask_exchange("EXOModuleFile?Version=3.9.2", "", {{"CommandName", "*"}}).status,
            403U);
}

TEST_F(MicrosoftExchange, TellsTheDomainsAndTheOrganization) {
  const json::array domains = records_of(small.invoke("Get-AcceptedDomain"));
  EXPECT_EQ(domains.at(0).at("DomainType"), "Authoritative");
  const Names names = names_of(small.invoke("Get-AcceptedDomain"));
  EXPECT_NE(std::ranges::find(names, "contoso.example"), names.end());
  EXPECT_EQ(std::ranges::find(names, "pending.example"), names.end());
  EXPECT_EQ(records_of(small.invoke("Get-OrganizationConfig")).at(0).at("RejectDirectSend"), false);
}

TEST_F(MicrosoftExchange, SelectsProperties) {
  made("New-InboundConnector", kInbound);
  const json::array records = records_of(small.ask_exchange(
      "InvokeCommand?$select=Name,Guid",
      R"({"CmdletInput":{"CmdletName":"Get-InboundConnector","Parameters":{}}})"));
  EXPECT_EQ(records.at(0).as_object().size(), 3U);  // the GUID is annotated
}

TEST_F(MicrosoftExchange, CutsListsIntoPages) {
  for (const std::string_view name : {"A", "B", "C"}) {
    made("New-TransportRule", rule(name));
  }
  const std::string list = R"({"CmdletInput":{"CmdletName":"Get-TransportRule","Parameters":{}}})";
  const auto ask = [&](const std::string& target) {
    return small.ask_exchange(target, list, {{"Prefer", "odata.maxpagesize=2"}});
  };
  const Response first = ask("InvokeCommand");
  EXPECT_EQ(names_of(first), (Names{"A", "B"}));
  const json::object body = body_of(first);
  const std::string link{text_of(body, "@odata.nextLink")};
  const std::string target = link.substr(link.find("InvokeCommand"));
  const Response second = ask(target);
  EXPECT_EQ(names_of(second), Names{"C"});
  EXPECT_FALSE(body_of(second).contains("@odata.nextLink"));
  EXPECT_EQ(ask("InvokeCommand?$skiptoken=x").status, 400U);
  small.control("POST", "/control/exchange/pages", R"({"size": 1, "expired": true})");
  const std::string expired{text_of(body_of(small.invoke("Get-TransportRule")), "@odata.nextLink")};
  EXPECT_EQ(ask(expired.substr(expired.find("InvokeCommand"))).status, 400U);
}

TEST_F(MicrosoftExchange, TellsHowManyCallsAreLeft) {
  const Response response = small.invoke("Get-InboundConnector");
  EXPECT_EQ(find_field(response.headers, "Rate-Limit-Limit"), "30000");
  EXPECT_EQ(find_field(response.headers, "Rate-Limit-Remaining"), "29999");
  EXPECT_TRUE(find_field(response.headers, "request-id").has_value());
}

}  // namespace
}  // namespace tests::microsoft

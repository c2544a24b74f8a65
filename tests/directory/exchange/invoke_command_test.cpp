// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/invoke_command.h"

#include "directory/exchange/cmdlet.h"
#include "tests/directory/exchange/exchange_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/json/string.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <string>

namespace directory {
namespace {

using Kind = CmdletFailureKind;

class InvokeCommandTest : public ExchangeTest {
 protected:
  void expect_failure(const CmdletResult& result, Kind kind, const std::string& text) {
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, kind) << result.error().message;
    EXPECT_NE(result.error().message.find(text), std::string::npos) << result.error().message;
  }
};

TEST_F(InvokeCommandTest, GivesObjectsWithoutAnnotations) {
  ASSERT_TRUE(invoke("New-InboundConnector",
                     R"({"Name": "One", "ConnectorType": "Partner", "SenderDomains": ["*"]})"));
  const auto listed = invoke("Get-InboundConnector");
  ASSERT_TRUE(listed.has_value()) << listed.error().message;
  ASSERT_EQ(listed->size(), 1U);
  for (const auto& [key, value] : listed->front()) {
    EXPECT_EQ(key.find('@'), boost::json::string_view::npos) << key;
  }
}

TEST_F(InvokeCommandTest, TellsFailuresByTheirType) {
  const std::string one = R"({"Name": "One", "ConnectorType": "Partner", "SenderDomains": ["*"]})";
  ASSERT_TRUE(invoke("New-InboundConnector", one));
  expect_failure(invoke("New-InboundConnector", one), Kind::kExists, "already in use");
  expect_failure(invoke("Remove-InboundConnector", R"({"Identity": "Two", "Confirm": false})"),
                 Kind::kNotFound,
                 "Two");
  expect_failure(invoke("Get-InboundConnector", R"({"Colour": "red"})"),
                 Kind::kParameter,
                 "a role of the application may hide the parameter");
}

TEST_F(InvokeCommandTest, AMissingRoleIsToldAsOne) {
  control("application", R"({"exchange_roles": []})");
  expect_failure(invoke("Get-InboundConnector"), Kind::kCredential, "Exchange.ManageAsApp");
}

TEST_F(InvokeCommandTest, AnAnswerToNobodyIsRead) {
  // A refusal by Exchange's own roles has a body of NUL octets.
  control("faults", R"({"kind": "nul_403", "path": "/adminapi", "count": 1})");
  expect_failure(invoke("Get-InboundConnector"), Kind::kPermission, "Exchange Administrator");
}

TEST_F(InvokeCommandTest, ReadsAreRepeatedAndWritesAreNot) {
  control("faults", R"({"kind": "status", "path": "/adminapi", "status": 503, "count": 2})");
  EXPECT_TRUE(invoke("Get-InboundConnector").has_value());
  control("faults", R"({"kind": "reset_before", "path": "/adminapi", "count": 1})");
  EXPECT_TRUE(invoke("Get-InboundConnector").has_value());
  control("faults", R"({"kind": "status", "path": "/adminapi", "status": 500, "count": 1})");
  expect_failure(invoke("Remove-InboundConnector", R"({"Identity": "x", "Confirm": false})"),
                 Kind::kUnavailable,
                 "it may work later");
}

TEST_F(InvokeCommandTest, WhatIsAskedAtOnceIsSentInTurn) {
  int answered = 0;
  for (int i = 0; i < 4; ++i) {
    boost::asio::co_spawn(io_,
                          client_->invoke({.name = "Get-InboundConnector", .parameters = {}}),
                          [&](const std::exception_ptr&, const CmdletResult& result) {
                            answered += result.has_value() ? 1 : 0;
                          });
  }
  io_.run();
  EXPECT_EQ(answered, 4);
}

TEST_F(InvokeCommandTest, WhatRolesAllowIsAskedWithoutDoingAnything) {
  const auto allowed = run(client_->allowed_cmdlets());
  ASSERT_TRUE(allowed.has_value()) << allowed.error().message;
  EXPECT_TRUE(allowed->contains("New-InboundConnector"));
  EXPECT_TRUE(allowed->contains("Get-TransportRule"));
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/exchange/powershell_script.h"

#include "directory/exchange/desired_state.h"
#include "directory/exchange_settings.h"
#include "tests/directory/exchange/exchange_fixture.h"
#include "tests/support/run_task.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace directory {
namespace {

std::string script_of(const DesiredInput& input) {
  boost::asio::io_context io;
  return tests::run_task(io, powershell_script("contoso.example", desired_objects(input).value()));
}

bool has(const std::string& script, std::string_view text) {
  return script.find(text) != std::string::npos;
}

TEST(PowerShellScript, CarriesTheObjectsOfThePlan) {
  const std::string script = script_of(desired_input());
  EXPECT_TRUE(has(script, "$null = New-InboundConnector @new"));
  EXPECT_TRUE(has(script, "Set-InboundConnector -Identity $ours[0].Guid.ToString() @change"));
  EXPECT_TRUE(has(script, "SenderIPAddresses = @('192.0.2.10', '198.51.100.0/28')"));
  EXPECT_TRUE(has(script, "SmartHosts = @('gw.example.net')"));
  EXPECT_TRUE(has(script, "SetSCL = -1"));
  EXPECT_TRUE(has(script, "Enabled = $false"));
  EXPECT_TRUE(has(script, "'managed-by=fromguard;id=00000000-0000-4000-8000-000000000001'"));
}

TEST(PowerShellScript, NeverHoldsTheSecret) {
  const std::string script = script_of(
      desired_input({.is_inbound_enabled = true, .is_locked = true, .is_outbound_enabled = true}));
  EXPECT_FALSE(has(script, "Tenant-Secret"));
  EXPECT_TRUE(has(script, "SetHeaderValue = $TenantHeaderValue"));
  EXPECT_TRUE(has(script, "param("));
  EXPECT_FALSE(has(script_of(desired_input()), "param("));
}

TEST(PowerShellScript, RemovesWhatTheModeDoesWithout) {
  DesiredInput input = desired_input();
  input.settings.mode = ExchangeSettings::Mode::kEnhanced;
  const std::string script = script_of(input);
  EXPECT_FALSE(has(script, "New-TransportRule"));
  EXPECT_TRUE(has(script, "Remove-TransportRule -Identity $_.Guid.ToString() -Confirm:$false"));
}

TEST(PowerShellScript, NothingInALiteralIsExpanded) {
  EXPECT_EQ(powershell_literal("$(Remove-Item x)"), "'$(Remove-Item x)'");
  EXPECT_EQ(powershell_literal("O'Brien"), "'O''Brien'");
  EXPECT_EQ(powershell_literal("a\u2019; evil \u2018"), "'a\u2019\u2019; evil \u2018\u2018'");
  EXPECT_EQ(powershell_literal(""), "''");
}

}  // namespace
}  // namespace directory

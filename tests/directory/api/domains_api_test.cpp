// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/directory/api/api_fixture.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <string>

namespace directory {
namespace {

using tests::ApiTest;

TEST_F(ApiTest, ADomainIsEnabledOnceItIsKnownWhereItsMailGoes) {
  EXPECT_EQ(call("POST", "domains/contoso.com/enable").status, 404U);
  import_domain("contoso.com", "");
  const auto refused = call("POST", "domains/Contoso.COM/enable");
  EXPECT_EQ(refused.status, 409U);
  EXPECT_NE(refused.detail().find("next hop of contoso.com is not known"), std::string::npos);
  EXPECT_EQ(call("PUT", "domains/contoso.com/next-hop", R"({"host":"not a host"})").status, 400U);
  EXPECT_EQ(call("PUT", "domains/contoso.com/next-hop", R"({"host":"MX.contoso.com"})").status,
            200U);
  const auto enabled = call("POST", "domains/contoso.com/enable");
  EXPECT_EQ(enabled.status, 200U);
  EXPECT_TRUE(enabled.json.at("relay_enabled").as_bool());
  EXPECT_EQ(enabled.json.at("next_hop_override").as_string(), "mx.contoso.com");
  EXPECT_EQ(call("PUT", "domains/contoso.com/next-hop", R"({"host":""})").status, 409U);
  EXPECT_FALSE(call("POST", "domains/contoso.com/disable").json.at("relay_enabled").as_bool());
  const auto audit = call("GET", "audit").json.at("audit");
  EXPECT_EQ(audit.at(0).at("action").as_string(), "domain.disable");
  EXPECT_EQ(audit.at(0).at("who").as_string(), "root");
}

TEST_F(ApiTest, ADomainThatIsGoneFromTheTenantIsNotEnabled) {
  import_domain("contoso.com", "mx.example");
  static_cast<void>(records_.import_domains({"contoso", "Staff"}, {}, 5).value());
  const auto refused = call("POST", "domains/contoso.com/enable");
  EXPECT_EQ(refused.status, 409U);
  EXPECT_NE(refused.detail().find("no longer has contoso.com"), std::string::npos);
}

TEST_F(ApiTest, ADomainIsCheckedAgainstTheGateway) {
  import_domain("contoso.com", "mx.example");
  EXPECT_EQ(call("GET", "domains/contoso.com").json.at("mx").at("standing").as_string(), "unknown");
  dns_.set_mx("contoso.com", {"gw.example.net"}, 300);
  dns_.permitted.insert("192.0.2.10");
  const auto checked = call("POST", "domains/Contoso.com/check");
  ASSERT_EQ(checked.status, 200U);
  EXPECT_EQ(checked.json.at("failure").as_string(), "");
  EXPECT_EQ(checked.json.at("mx").at("standing").as_string(), "ours");
  const auto spf = checked.json.at("spf").as_array();
  ASSERT_EQ(spf.size(), 3U);
  EXPECT_EQ(spf.at(0).at("result").as_string(), "pass");
  EXPECT_EQ(spf.at(2).at("address").as_string(), "198.51.100.254");
  EXPECT_EQ(spf.at(2).at("term").as_string(), "ip4:198.51.100.0/24");
  EXPECT_FALSE(spf.at(2).at("whole").as_bool());
  // What DNS does not tell the next time is what was seen before.
  dns_.fails.insert("contoso.com");
  const auto failed = call("POST", "domains/contoso.com/check");
  EXPECT_EQ(failed.json.at("failure").as_string(), "DNS gives no answer for contoso.com");
  EXPECT_EQ(failed.json.at("mx").at("standing").as_string(), "ours");
  const auto listed = call("GET", "domains").json.at("domains").at(0).at("mx");
  EXPECT_EQ(listed.at("hosts").at(0).at("host").as_string(), "gw.example.net");
  EXPECT_EQ(listed.at("ready_at").as_int64(), listed.at("checked").as_int64() + 300);
  EXPECT_EQ(call("POST", "domains/fabrikam.com/check").status, 404U);
}

TEST_F(ApiTest, ListsDeclaredDomainsThatNobodyImported) {
  import_domain("fabrikam.com", "mx.example");
  const auto domains = call("GET", "domains").json.at("domains").as_array();
  ASSERT_EQ(domains.size(), 2U);
  EXPECT_EQ(domains.at(0).at("domain").as_string(), "fabrikam.com");
  EXPECT_TRUE(domains.at(0).at("imported").as_bool());
  EXPECT_EQ(domains.at(1).at("domain").as_string(), "contoso.com");
  EXPECT_FALSE(domains.at(1).at("imported").as_bool());
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/tenant_guard.h"

#include "gateway/relay_guards/outbound_tenants.h"
#include "gateway/relay_guards/relay_objection.h"
#include "policy/config/problems.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway {
namespace {

using Kind = RelayObjection::Kind;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kTenants =
    "tenants:\n"
    "  - {organization: contoso, tenant: aaaaaaaa-1111-1111-1111-111111111111,\n"
    "     header: X-Fromguard-Tenant, secrets: [secret-of-contoso-1, secret-of-contoso-2]}\n"
    "  - {organization: fabrikam, tenant: bbbbbbbb-2222-2222-2222-222222222222,\n"
    "     header: X-Fromguard-Tenant, secrets: [secret-of-fabrikam]}\n"
    "  - {organization: wingtip, tenant: cccccccc-3333-3333-3333-333333333333,\n"
    "     header: X-Wingtip, secrets: [secret-of-wingtip]}\n";

const std::pair<std::string, std::string> kId{"X-MS-Exchange-CrossTenant-Id",
                                              " aaaaaaaa-1111-1111-1111-111111111111"};
const std::pair<std::string, std::string> kSecret{"X-Fromguard-Tenant", " secret-of-contoso-1"};

OutboundTenants tenants_of(std::string_view text) {
  policy::Problems problems;
  auto tenants = OutboundTenants::parse(text, "tenants.yaml", problems);
  EXPECT_TRUE(tenants.has_value()) << problems.text();
  return std::move(tenants).value_or(OutboundTenants{});
}

std::optional<Kind> kind_of(const Fields& fields) {
  const OutboundTenants tenants = tenants_of(kTenants);
  TenantGuard guard{tenants};
  for (const auto& [name, value] : fields) {
    guard.add(name, value);
  }
  const auto objection = guard.objection();
  return objection.has_value() ? std::optional{objection->kind} : std::nullopt;
}

TEST(TenantGuard, IdAndSecretOfOneTenantPass) {
  EXPECT_EQ(kind_of({{"From", " a@contoso.com"}, kId, kSecret}), std::nullopt);
  EXPECT_EQ(kind_of({kSecret, kId}), std::nullopt);
  EXPECT_EQ(kind_of({{"x-ms-exchange-CROSSTENANT-id", "AAAAAAAA-1111-1111-1111-111111111111 \r\n"},
                     {"x-fromguard-TENANT", "\r\n\tsecret-of-contoso-2 "}}),
            std::nullopt);
  EXPECT_EQ(kind_of({{kId.first, " cccccccc-3333-3333-3333-333333333333"},
                     {"X-Wingtip", " secret-of-wingtip"}}),
            std::nullopt);
}

TEST(TenantGuard, TellsTheFieldsOfTheProof) {
  const OutboundTenants tenants = tenants_of(kTenants);
  TenantGuard guard{tenants};
  guard.add("X-MS-Exchange-CrossTenant-AuthAs", " Internal");
  guard.add("x-fromguard-tenant", kSecret.second);
  guard.add(kId.first, kId.second);
  EXPECT_EQ(guard.proof_fields(), (std::vector<std::string>{kId.first, "x-fromguard-tenant"}));
}

TEST(TenantGuard, EverythingElseIsRefused) {
  const std::pair<std::string, std::string> wingtip{"X-Wingtip", " secret-of-wingtip"};
  EXPECT_EQ(kind_of({}), Kind::kNoTenant);
  EXPECT_EQ(kind_of({kSecret}), Kind::kNoTenant);
  EXPECT_EQ(kind_of({kId, kId, kSecret}), Kind::kRepeatedTenant);
  EXPECT_EQ(kind_of({kId}), Kind::kNoSecret);
  EXPECT_EQ(kind_of({kId, {"X-Fromguard-Tenants", kSecret.second}}), Kind::kNoSecret);
  EXPECT_EQ(kind_of({kId, kSecret, kSecret}), Kind::kRepeatedSecret);
  EXPECT_EQ(kind_of({kId, kSecret, wingtip}), Kind::kRepeatedSecret);
  EXPECT_EQ(kind_of({{kId.first, " dddddddd-1111-1111-1111-111111111111"}, kSecret}),
            Kind::kUnknownTenant);
  EXPECT_EQ(kind_of({{kId.first, ""}, kSecret}), Kind::kUnknownTenant);
  EXPECT_EQ(kind_of({kId, wingtip}), Kind::kWrongSecret);
  for (const std::string& wrong : {std::string{},
                                   std::string{" secret-of-fabrikam"},
                                   std::string{" SECRET-of-contoso-1"},
                                   std::string{" secret-of-contoso-1x"},
                                   " secret-of-contoso-1" + std::string(1000, 'x')}) {
    EXPECT_EQ(kind_of({kId, {kSecret.first, wrong}}), Kind::kWrongSecret) << wrong;
  }
}

TEST(TenantGuard, WithoutTenantsNobodyPasses) {
  const OutboundTenants nobody = tenants_of("tenants: []\n");
  TenantGuard guard{nobody};
  guard.add(kId.first, kId.second);
  guard.add(kSecret.first, kSecret.second);
  EXPECT_TRUE(guard.objection().has_value());
}

TEST(RelayObjection, TellsNobodyWhichPartOfTheProofIsWrong) {
  for (const Kind kind :
       {Kind::kNoTenant, Kind::kUnknownTenant, Kind::kNoSecret, Kind::kWrongSecret}) {
    EXPECT_EQ(reply_text(kind), reply_text(Kind::kRepeatedSecret));
  }
}

}  // namespace
}  // namespace gateway

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/relay_guards/outbound_tenants.h"

#include "policy/config/problems.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {
namespace {

constexpr std::string_view kTwo =
    "tenants:\n"
    "  - organization: contoso\n"
    "    tenant: 11111111-AAAA-1111-1111-111111111111\n"
    "    header: X-Fromguard-Tenant\n"
    "    secrets: [first-secret-of-contoso, second-secret-of-contoso]\n"
    "  - {organization: fabrikam, tenant: 22222222-2222-2222-2222-222222222222,\n"
    "     header: x-fromguard-tenant, secrets: the-secret-of-fabrikam}\n";

constexpr std::string_view kSecret = "hunter2hunter2hunter2";

std::string problems_in(std::string_view text) {
  policy::Problems problems;
  const auto tenants = OutboundTenants::parse(text, "tenants.yaml", problems);
  EXPECT_EQ(tenants.has_value(), !problems.has_errors());
  return problems.text();
}

// The file with one tenant of which one line is another.
std::string with(std::string_view key, std::string_view line) {
  std::string text{"tenants:\n  - organization: contoso\n"};
  const auto add = [&](std::string_view name, std::string_view usual) {
    text += "    ";
    text += name == key ? line : usual;
    text += '\n';
  };
  add("tenant", "tenant: 11111111-1111-1111-1111-111111111111");
  add("header", "header: X-Fromguard-Tenant");
  add("secrets", "secrets: [hunter2hunter2hunter2]");
  return text;
}

TEST(OutboundTenants, AreFoundByTheirIdInAnyCase) {
  policy::Problems problems;
  const auto tenants = OutboundTenants::parse(kTwo, "tenants.yaml", problems);
  ASSERT_TRUE(tenants.has_value()) << problems.text();
  EXPECT_EQ(problems.text(), "");
  ASSERT_EQ(tenants->all().size(), 2U);
  const OutboundTenant* contoso = tenants->find("11111111-aaaa-1111-1111-111111111111");
  ASSERT_NE(contoso, nullptr);
  EXPECT_EQ(contoso->organization, "contoso");
  EXPECT_EQ(tenants->find("11111111-AAAA-1111-1111-111111111111"), contoso);
  EXPECT_EQ(tenants->find("33333333-3333-3333-3333-333333333333"), nullptr);
  EXPECT_EQ(tenants->find(""), nullptr);
  EXPECT_TRUE(tenants->is_secret_field("X-FROMGUARD-TENANT"));
  EXPECT_FALSE(tenants->is_secret_field("X-Fromguard"));
}

TEST(OutboundTenants, HaveSecretsAnyOfWhichWillDo) {
  policy::Problems problems;
  const auto tenants = OutboundTenants::parse(kTwo, "tenants.yaml", problems);
  ASSERT_TRUE(tenants.has_value()) << problems.text();
  const OutboundTenant& contoso = tenants->all().front();
  EXPECT_TRUE(contoso.has_secret("first-secret-of-contoso"));
  EXPECT_TRUE(contoso.has_secret("second-secret-of-contoso"));
  for (const std::string_view wrong :
       {"", "first-secret-of-contos", "First-secret-of-contoso", "the-secret-of-fabrikam"}) {
    EXPECT_FALSE(contoso.has_secret(wrong)) << wrong;
  }
}

TEST(OutboundTenants, MayBeNone) {
  EXPECT_EQ(problems_in("tenants: []\n"), "");
}

TEST(OutboundTenants, EverythingWrongIsToldWithItsPlace) {
  const std::string told = problems_in(
      "tenants:\n"
      "  - {organisation: contoso, tenant: contoso.com, header: Subject, secrets: short}\n"
      "  - {organization: a, tenant: 11111111-1111-1111-1111-111111111111,\n"
      "     header: X-MS-Exchange-Organization-AuthAs, secrets: [with blanks in it and long]}\n"
      "  - {organization: b, tenant: 11111111-1111-1111-1111-111111111111,\n"
      "     header: 'X-Two Words', secrets: []}\n"
      "more: true\n");
  for (const std::string_view expected :
       {"tenants.yaml:2:5: the key 'organization' is missing",
        "tenants.yaml:2:6: unknown key 'organisation'",
        "tenants.yaml:2:37: 'tenant' must be the tenant's id",
        "tenants.yaml:2:58: 'header' must be the name of a header field",
        "tenants.yaml:2:76: a secret must have 16 to 256",
        "tenants.yaml:4:14: 'header' must be",
        "tenants.yaml:4:59: a secret must have",
        "tenants.yaml:5:31: this tenant is in line 3 already",
        "tenants.yaml:6:14: 'header' must be",
        "tenants.yaml:6:38: 'secrets' is an empty list",
        "tenants.yaml:7:1: unknown key 'more'"}) {
    EXPECT_TRUE(told.contains(expected)) << expected << " is not in\n" << told;
  }
  EXPECT_TRUE(problems_in("").contains("the key 'tenants' is missing"));
  EXPECT_TRUE(problems_in("tenants: {}\n").contains("'tenants' must be a list"));
  EXPECT_TRUE(problems_in("tenants:\n").contains("'tenants' must be a list"));
}

TEST(OutboundTenants, NoSecretIsToldWhereverItStands) {
  const std::string secret{kSecret};
  for (const std::string& text : {with("tenant", "tenant: " + secret),
                                  with("header", "header: " + secret),
                                  with("header", "header: " + secret + ": x"),
                                  with("secrets", "secrets: [a " + secret + "]"),
                                  with("secrets", "secrets: [[" + secret + "]]"),
                                  with("secrets", "secrets: ['" + secret),
                                  with("secrets", "secrets: {a: " + secret + "}"),
                                  "tenants: [" + secret + "]",
                                  "tenants: " + secret,
                                  secret}) {
    const std::string told = problems_in(text);
    EXPECT_NE(told, "") << text;
    EXPECT_FALSE(told.contains(secret)) << told;
  }
}

TEST(OutboundTenants, AFileThatEverybodyMayReadIsWarnedOf) {
  namespace fs = std::filesystem;
  const tests::TemporaryFolder folder;
  const fs::path path = folder.path() / "tenants.yaml";
  tests::write_file(path, kTwo);
  fs::permissions(path, fs::perms::owner_read | fs::perms::group_read);
  policy::Problems problems;
  EXPECT_TRUE(OutboundTenants::load(path, problems).has_value());
  EXPECT_EQ(problems.text(), "");
  fs::permissions(path, fs::perms::others_read, fs::perm_options::add);
  EXPECT_TRUE(OutboundTenants::load(path, problems).has_value());
  EXPECT_TRUE(problems.text().contains("everybody on this host may read")) << problems.text();
}

TEST(OutboundTenants, AFileThatIsNotThereIsAnError) {
  const tests::TemporaryFolder folder;
  policy::Problems problems;
  EXPECT_FALSE(OutboundTenants::load(folder.path() / "tenants.yaml", problems).has_value());
  EXPECT_TRUE(problems.has_errors());
}

}  // namespace
}  // namespace gateway

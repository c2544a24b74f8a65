// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/endpoints.h"

#include "directory/graph/admin_consent.h"
#include "directory/graph/failure.h"
#include "directory/graph/token_source.h"
#include "directory/http/url.h"
#include "policy/result.h"

#include <gtest/gtest.h>

#include <string>

namespace directory {
namespace {

TEST(EndpointsTest, NamesTheCloudsWithUrlsThatCanBeUsed) {
  for (const char* name : {"global", "us-gov-high", "us-gov-dod", "china"}) {
    const auto cloud = cloud_named(name);
    ASSERT_TRUE(cloud.has_value()) << name;
    for (const std::string& url : {cloud->login, cloud->graph, cloud->exchange}) {
      const auto checked = check_endpoint(url, "cloud");
      ASSERT_TRUE(checked.has_value()) << url;
      EXPECT_EQ(text_of(checked->origin()), url);
    }
    EXPECT_FALSE(cloud->mx_suffixes.empty());
    EXPECT_TRUE(cloud->mx_suffixes.front().starts_with('.'));
  }
  EXPECT_FALSE(cloud_named("moon").has_value());
}

TEST(EndpointsTest, TakesPlainHttpForLoopbackAlone) {
  EXPECT_TRUE(check_endpoint("http://127.0.0.1:8080", "cloud.graph").has_value());
  EXPECT_TRUE(check_endpoint("https://graph.example/", "cloud.graph").has_value());
  for (const char* text : {"http://graph.example", "https://graph.example/v1.0", "graph.example"}) {
    const auto checked = check_endpoint(text, "cloud.graph");
    ASSERT_FALSE(checked.has_value()) << text;
    EXPECT_EQ(checked.error().code, policy::ErrorCode::kInvalidInput);
    EXPECT_TRUE(checked.error().message.starts_with("cloud.graph: "));
  }
}

TEST(AdminConsentTest, AsksForConsentWhereTheTenantLogsIn) {
  Application application;
  application.tenant = "contoso.example";
  application.client_id = "id";
  application.cloud.login = "https://login.example";
  EXPECT_EQ(admin_consent_url(application, "https://gate.example/done?x", "a b"),
            "https://login.example/contoso.example/adminconsent?client_id=id&state=a%20b"
            "&redirect_uri=https%3A%2F%2Fgate.example%2Fdone%3Fx");
  EXPECT_EQ(admin_consent_url(application, "", ""),
            "https://login.example/contoso.example/adminconsent?client_id=id");
}

TEST(AdminConsentTest, ReadsTheAnswerAndItsErrorFirst) {
  const auto granted = parse_consent_redirect("tenant=t-1&state=s&admin_consent=True");
  EXPECT_TRUE(granted->is_granted);
  EXPECT_EQ(granted->tenant, "t-1");
  EXPECT_EQ(granted->state, "s");
  const auto refused = parse_consent_redirect(
      "admin_consent=True&error=consent_required&state=s"
      "&error_description=AADSTS65004%3A+declined.%0D%0ATrace+ID%3A+1");
  EXPECT_FALSE(refused->is_granted);
  EXPECT_EQ(refused->refusal, "consent_required: AADSTS65004: declined.");
  EXPECT_FALSE(parse_consent_redirect("tenant=t-1&admin_consent=True").has_value());
  EXPECT_FALSE(parse_consent_redirect("tenant=t-1&state=s").has_value());
  EXPECT_FALSE(parse_consent_redirect("admin_consent=%").has_value());
}

TEST(GraphFailureTest, BecomesTheErrorOfEverythingElse) {
  const auto code = [](GraphFailureKind kind) { return to_error(graph_failure(kind, "")).code; };
  EXPECT_EQ(code(GraphFailureKind::kConsent), policy::ErrorCode::kDenied);
  EXPECT_EQ(code(GraphFailureKind::kPermission), policy::ErrorCode::kDenied);
  EXPECT_EQ(code(GraphFailureKind::kCredential), policy::ErrorCode::kDenied);
  EXPECT_EQ(code(GraphFailureKind::kUnavailable), policy::ErrorCode::kUnavailable);
  EXPECT_EQ(code(GraphFailureKind::kNotFound), policy::ErrorCode::kNotFound);
  EXPECT_EQ(word_of(GraphFailureKind::kForeignLink), "foreign_link");
}

}  // namespace
}  // namespace directory

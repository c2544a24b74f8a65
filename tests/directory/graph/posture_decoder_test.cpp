// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/posture_decoder.h"

#include "directory/graph/posture_queries.h"
#include "tests/directory/graph/scripted_graph.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace directory {
namespace {

using Words = std::vector<std::string>;

PostureUser user_with(const std::string& properties) {
  const auto page = decode_posture_users(R"({"value":[{"id":"1")" + properties + "}]}");
  EXPECT_TRUE(page.has_value() && page->items.size() == 1) << properties;
  return page.value().items.at(0);
}

TEST(PostureDecoderTest, ReadsAUserAsFindingsLookAtOne) {
  const PostureUser user =
      user_with(R"(,"displayName":"Ada","userPrincipalName":"a@contoso.example",
      "mail":"a@contoso.example","userType":"Member","accountEnabled":false,
      "passwordPolicies":"DisablePasswordExpiration, DisableStrongPassword",
      "lastPasswordChangeDateTime":"2026-08-20T10:00:00Z",
      "legalAgeGroupClassification":"minorWithOutParentalConsent","onPremisesSyncEnabled":true,
      "onPremisesLastSyncDateTime":"2026-08-20T10:00:01Z",
      "onPremisesProvisioningErrors":[{"category":"PropertyConflict",
         "occurredDateTime":"2026-08-20T10:00:00Z","propertyCausingError":"ProxyAddresses",
         "value":"smtp:b@contoso.example"}],
      "proxyAddresses":["SMTP:a@contoso.example","smtp:b@contoso.example"])");
  EXPECT_EQ(user.display_name, "Ada");
  EXPECT_EQ(user.user_type, "Member");
  EXPECT_EQ(user.is_enabled, false);
  EXPECT_EQ(user.password_policies, (Words{"DisablePasswordExpiration", "DisableStrongPassword"}));
  EXPECT_EQ(user.password_changed, 1787220000);
  EXPECT_EQ(user.age_group, "minorWithOutParentalConsent");
  EXPECT_EQ(user.is_synced, true);
  EXPECT_EQ(user.synced, 1787220001);
  ASSERT_EQ(user.provisioning_errors.size(), 1U);
  EXPECT_EQ(user.provisioning_errors[0].category, "PropertyConflict");
  EXPECT_EQ(user.provisioning_errors[0].property, "ProxyAddresses");
  EXPECT_EQ(user.provisioning_errors[0].value, "smtp:b@contoso.example");
  EXPECT_EQ(user.proxy_addresses.size(), 2U);
}

TEST(PostureDecoderTest, TellsSyncedFromNoLongerAndNever) {
  EXPECT_EQ(user_with(R"(,"onPremisesSyncEnabled":true)").is_synced, true);
  EXPECT_EQ(user_with(R"(,"onPremisesSyncEnabled":false)").is_synced, false);
  EXPECT_EQ(user_with(R"(,"onPremisesSyncEnabled":null)").is_synced, std::nullopt);
  EXPECT_EQ(user_with("").is_synced, std::nullopt);
  EXPECT_EQ(user_with(R"(,"onPremisesSyncEnabled":"false")").is_synced, std::nullopt);
}

TEST(PostureDecoderTest, KeepsBothSpellingsOfAnAgeGroup) {
  for (const char* group : {"minorWithOutParentalConsent", "minorWithoutParentalConsent"}) {
    EXPECT_EQ(user_with(R"(,"legalAgeGroupClassification":")" + std::string{group} + '"').age_group,
              group);
  }
  EXPECT_EQ(user_with(R"(,"legalAgeGroupClassification":null)").age_group, "");
}

TEST(PostureDecoderTest, ReadsNoPasswordPolicyInManyWays) {
  for (const char* none : {R"(,"passwordPolicies":"None")",
                           R"(,"passwordPolicies":null)",
                           R"(,"passwordPolicies":"")",
                           R"(,"passwordPolicies":7)",
                           ""}) {
    EXPECT_TRUE(user_with(none).password_policies.empty()) << none;
  }
  EXPECT_EQ(user_with(R"(,"passwordPolicies":"DisableStrongPassword,New")").password_policies,
            (Words{"DisableStrongPassword", "New"}));
}

TEST(PostureDecoderTest, LeavesOutWhatIsMalformedAndKeepsTheRest) {
  const auto page = decode_posture_users(R"({"value":[7,null,{"displayName":"nobody"},{"id":""},
      {"id":5},{"id":"1","accountEnabled":"yes","lastPasswordChangeDateTime":"yesterday",
       "onPremisesProvisioningErrors":[1,{}],"proxyAddresses":["smtp:a@b.example",3,null],
       "displayName":["x"]}],"@odata.nextLink":null})");
  ASSERT_TRUE(page.has_value());
  ASSERT_EQ(page->items.size(), 1U);
  const PostureUser& user = page->items[0];
  EXPECT_EQ(user.is_enabled, std::nullopt);
  EXPECT_EQ(user.password_changed, std::nullopt);
  EXPECT_EQ(user.provisioning_errors.size(), 1U);
  EXPECT_EQ(user.proxy_addresses, Words{"smtp:a@b.example"});
  EXPECT_EQ(user.display_name, "");
  EXPECT_EQ(page->next_link, "");
}

TEST(PostureDecoderTest, RefusesAPageThatIsNone) {
  const std::string deep(100, '[');
  for (const std::string& body : {std::string{},
                                  std::string{"[]"},
                                  std::string{"{}"},
                                  deep,
                                  std::string{R"({"value":null})"},
                                  std::string{R"({"value":{}})"},
                                  std::string{R"({"value":[],"@odata.nextLink":5})"}}) {
    EXPECT_FALSE(decode_posture_users(body).has_value()) << body;
    EXPECT_FALSE(decode_message_rules(body).has_value()) << body;
  }
  EXPECT_FALSE(decode_mailbox_purpose("{}").has_value());
  EXPECT_FALSE(decode_mailbox_purpose("7").has_value());
  EXPECT_FALSE(decode_sync_time(R"({"value":[]})").has_value());
}

TEST(PostureDecoderTest, ReadsKeysAndLeavesOutOtherMethods) {
  const auto page = decode_authentication_methods(
      read_fixture("graph.authentication.methods.weak-and-unattested.200.json"));
  ASSERT_TRUE(page.has_value());
  ASSERT_EQ(page->items.size(), 2U);
  const auto& key = std::get<SecurityKey>(page->items[0]);
  EXPECT_EQ(key.name, "Phone passkey");
  EXPECT_EQ(key.attestation_level, "notAttested");
  EXPECT_EQ(key.passkey_type, "");
  EXPECT_EQ(std::get<HelloKey>(page->items[1]).key_strength, "weak");
}

TEST(PostureDecoderTest, GivesEnumeratorsThatAreNewAsTheyCame) {
  const auto page = decode_authentication_methods(
      R"({"value":[{"@odata.type":"microsoft.graph.fido2AuthenticationMethod","id":"1",
          "attestationLevel":"unknownFutureValue","passkeyType":"beamed"},
         {"@odata.type":"#microsoft.graph.windowsHelloForBusinessAuthenticationMethod","id":"2",
          "keyStrength":null},{"@odata.type":"#microsoft.graph.fido2AuthenticationMethod"}]})");
  ASSERT_EQ(page->items.size(), 2U);
  EXPECT_EQ(std::get<SecurityKey>(page->items[0]).attestation_level, "unknownFutureValue");
  EXPECT_EQ(std::get<SecurityKey>(page->items[0]).passkey_type, "beamed");
  EXPECT_EQ(std::get<HelloKey>(page->items[1]).key_strength, "");
}

TEST(PostureDecoderTest, ReadsWithWhomACalendarIsShared) {
  const auto page = decode_calendar_permissions(
      R"({"value":[{"id":"1","isInsideOrganization":false,"role":"read","emailAddress":
          {"name":"Eve","address":"eve@evil.example"}},
         {"id":"2","isInsideOrganization":true,"role":"freeBusyRead",
          "emailAddress":{"name":"My Organization"}},
         {"id":"3","isInsideOrganization":null,"role":"custom","emailAddress":null},{"id":"4"}]})");
  ASSERT_EQ(page->items.size(), 3U);
  EXPECT_EQ(page->items[0].email, "eve@evil.example");
  EXPECT_EQ(page->items[0].is_inside_organization, false);
  EXPECT_EQ(page->items[1].name, "My Organization");
  EXPECT_EQ(page->items[1].email, "");
  EXPECT_EQ(page->items[2].is_inside_organization, std::nullopt);
}

TEST(PostureDecoderTest, ReadsWhereRulesSendMail) {
  const auto page = decode_message_rules(read_fixture("graph.messageRules.external.200.json"));
  ASSERT_EQ(page->items.size(), 5U);
  EXPECT_EQ(page->items[0].forward_to.at(0).address, "me@gmail.example");
  EXPECT_EQ(page->items[1].forward_as_attachment_to.size(), 2U);
  EXPECT_TRUE(page->items[1].forward_to.empty());
  EXPECT_EQ(page->items[2].redirect_to.at(0).address, "x@sub.contoso.com");
  EXPECT_TRUE(page->items[2].is_enabled);
  EXPECT_FALSE(page->items[3].is_enabled);
  EXPECT_TRUE(page->items[4].forward_to.at(0).address.starts_with("/o=ExchangeLabs"));
  const auto odd = decode_message_rules(
      R"({"value":[{"id":"1","actions":null},{"id":"2","isEnabled":1,
          "actions":{"forwardTo":[null,{},{"emailAddress":{"name":"Boss"}}],"redirectTo":{}}}]})");
  ASSERT_EQ(odd->items.size(), 2U);
  EXPECT_FALSE(odd->items[1].is_enabled);
  ASSERT_EQ(odd->items[1].forward_to.size(), 1U);
  EXPECT_EQ(odd->items[1].forward_to[0].name, "Boss");
}

TEST(PostureDecoderTest, ReadsCertificationsOfApplications) {
  const auto page = decode_applications(read_fixture("graph.applications.certification.200.json"));
  ASSERT_EQ(page->items.size(), 4U);
  EXPECT_FALSE(page->items[0].certification.has_value());
  EXPECT_EQ(page->items[0].verified_publisher, "");
  const auto& attested = page->items[1].certification;
  ASSERT_TRUE(attested.has_value());
  EXPECT_FALSE(attested->is_certified);
  EXPECT_TRUE(attested->is_publisher_attested);
  EXPECT_FALSE(attested->expires.has_value());
  const auto& certified = page->items[2].certification;
  ASSERT_TRUE(certified.has_value());
  EXPECT_TRUE(certified->is_certified);
  EXPECT_EQ(certified->expires, 1790812800);
  EXPECT_EQ(page->items[2].verified_publisher, "1234567");
  EXPECT_EQ(page->items[2].disabled_by_microsoft, "");
  EXPECT_EQ(page->items[3].disabled_by_microsoft, "DisabledDueToViolationOfServicesAgreement");
}

TEST(PostureDecoderTest, ReadsServicePrincipalsAndWhatTheyMayDo) {
  const auto principals = decode_service_principals(
      R"({"value":[{"id":"s","appId":"a","displayName":"App","appOwnerOrganizationId":"o",
          "verifiedPublisher":{"verifiedPublisherId":"7"},"disabledByMicrosoftStatus":"NotDisabled",
          "servicePrincipalType":"Application","accountEnabled":true}]})");
  const PostureServicePrincipal& principal = principals->items.at(0);
  EXPECT_EQ(principal.owner_organization, "o");
  EXPECT_EQ(principal.verified_publisher, "7");
  EXPECT_EQ(principal.disabled_by_microsoft, "NotDisabled");
  EXPECT_EQ(principal.type, "Application");
  EXPECT_EQ(principal.is_enabled, true);
  const auto grants = decode_delegated_grants(
      R"({"value":[{"clientId":"s","resourceId":"g","consentType":"Principal","principalId":"u",
          "scope":" Mail.Read  User.Read "},{"resourceId":"g"},
         {"clientId":"t","consentType":"AllPrincipals","principalId":null,"scope":null}]})");
  ASSERT_EQ(grants->items.size(), 2U);
  EXPECT_EQ(grants->items[0].scopes, (Words{"Mail.Read", "User.Read"}));
  EXPECT_EQ(grants->items[0].principal_id, "u");
  EXPECT_EQ(grants->items[1].consent_type, "AllPrincipals");
  EXPECT_TRUE(grants->items[1].scopes.empty());
  const auto roles = decode_app_role_grants(
      R"({"value":[{"appRoleId":"r","resourceId":"g","resourceDisplayName":"Graph"},{}]})");
  ASSERT_EQ(roles->items.size(), 1U);
  EXPECT_EQ(roles->items[0].resource_name, "Graph");
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/posture/finding.h"
#include "directory/posture/finding_table.h"
#include "directory/posture/scan_record.h"
#include "tests/directory/posture/scanned_tenant.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

using tests::ScannedTenant;

constexpr std::string_view kTenant = "contoso/Office 365";

// What is wrong with bad@contoso.example and worse@contoso.example, and with nobody else.
constexpr std::string_view kUsers = R"({"operations": [
  {"op": "create", "kind": "user", "properties": {
    "userPrincipalName": "bad@contoso.example", "displayName": "Bad Person", "mail": "bad@contoso.example",
    "userType": "Member", "accountEnabled": true,
    "passwordPolicies": "DisablePasswordExpiration, DisableStrongPassword",
    "lastPasswordChangeDateTime": "2026-01-01T00:00:00Z", "legalAgeGroupClassification": "minorWithOutParentalConsent",
    "onPremisesSyncEnabled": true, "onPremisesLastSyncDateTime": "2026-11-01T00:00:00Z",
    "onPremisesProvisioningErrors": [{"category": "PropertyConflict", "propertyCausingError": "ProxyAddresses",
      "value": "SMTP:bad@contoso.example", "occurredDateTime": "2026-11-01T00:00:00Z"}],
    "proxyAddresses": ["SMTP:bad@contoso.example", "smtp:alias@contoso.example"]}},
  {"op": "create", "kind": "user", "properties": {
    "userPrincipalName": "worse@contoso.example", "displayName": "Worse Person", "mail": "worse@contoso.example",
    "userType": "Member", "accountEnabled": false, "onPremisesSyncEnabled": false,
    "onPremisesLastSyncDateTime": "2026-10-01T00:00:00Z", "lastPasswordChangeDateTime": "2026-11-10T00:00:00Z"}},
  {"op": "create", "kind": "user", "properties": {
    "userPrincipalName": "good@contoso.example", "displayName": "Good Person", "mail": "good@contoso.example",
    "userType": "Member", "accountEnabled": true, "passwordPolicies": "None",
    "lastPasswordChangeDateTime": "2026-11-10T00:00:00Z", "legalAgeGroupClassification": "adult",
    "onPremisesSyncEnabled": true, "onPremisesLastSyncDateTime": "2026-11-17T00:00:00Z",
    "onPremisesProvisioningErrors": [],
    "proxyAddresses": ["SMTP:good@contoso.example", "smtp:good@contoso.onmicrosoft.example"]}},
  {"op": "create", "kind": "user", "properties": {
    "userPrincipalName": "denied@contoso.example", "displayName": "Denied Person", "mail": "denied@contoso.example",
    "userType": "Member", "accountEnabled": true}},
  {"op": "create", "kind": "user", "properties": {
    "userPrincipalName": "onprem@contoso.example", "displayName": "On Premises", "mail": "onprem@contoso.example",
    "userType": "Member", "accountEnabled": true}}]})";

// `actions` of a rule that is called `name`.
std::string rule(const std::string& name, const std::string& actions, bool is_enabled = true) {
  return R"({"id": ")" + name + R"(", "displayName": ")" + name +
         R"(", "sequence": 1, "isEnabled": )" + (is_enabled ? "true" : "false") +
         R"(, "actions": )" + actions + "}";
}

std::string to(const std::string& action, const std::string& name, const std::string& address) {
  return R"({")" + action + R"(": [{"emailAddress": {"name": ")" + name + R"(", "address": ")" +
         address + R"("}}]})";
}

void set_mailboxes(ScannedTenant& tenant) {
  tenant.control("posture/mailbox",
                 R"({"user": "bad@contoso.example", "methods": [
        {"@odata.type": "#microsoft.graph.fido2AuthenticationMethod", "id": "f1", "displayName": "Blue key",
         "attestationLevel": "notAttested", "passkeyType": "deviceBound"},
        {"@odata.type": "#microsoft.graph.windowsHelloForBusinessAuthenticationMethod", "id": "h1",
         "displayName": "Laptop", "keyStrength": "weak"}],
        "calendar_permissions": [
        {"id": "1", "role": "freeBusyRead", "isInsideOrganization": true, "emailAddress": {"name": "My Organization"}},
        {"id": "2", "role": "read", "isInsideOrganization": false,
         "emailAddress": {"name": "Partner", "address": "eve@partner.example"}}],
        "message_rules": [)" +
                     rule("Out", to("forwardTo", "Eve", "eve@partner.example")) + "," +
                     rule("File", to("forwardAsAttachmentTo", "Eve", "eve@partner.example")) + "," +
                     rule("Away", to("redirectTo", "Eve", "eve@sub.contoso.example")) + "]}");
  tenant.control("posture/mailbox",
                 R"({"user": "good@contoso.example", "methods": [
        {"@odata.type": "#microsoft.graph.fido2AuthenticationMethod", "id": "f2", "displayName": "Green key",
         "attestationLevel": "attested"},
        {"@odata.type": "#microsoft.graph.windowsHelloForBusinessAuthenticationMethod", "id": "h2",
         "displayName": "Desk", "keyStrength": "normal"}],
        "calendar_permissions": [
        {"id": "1", "role": "none", "isInsideOrganization": false, "emailAddress": {"name": "Anyone"}}],
        "message_rules": [)" +
                     rule("Inside", to("forwardTo", "Bad", "bad@contoso.example")) + "," +
                     rule("Legacy", to("redirectTo", "Bad Person", "/o=ExchangeLabs/cn=bad")) +
                     "," + rule("Off", to("redirectTo", "Eve", "eve@partner.example"), false) +
                     "]}");
  tenant.control("posture/mailbox", R"({"user": "worse@contoso.example", "purpose": "shared"})");
  tenant.control("posture/mailbox", R"({"user": "denied@contoso.example", "failures": {
    "methods": {"status": 403, "code": "Authorization_RequestDenied"}, "calendar": {"status": 403},
    "rules": {"status": 403}}})");
  tenant.control("posture/mailbox", R"({"user": "onprem@contoso.example", "failures": {
    "calendar": {"status": 404, "code": "MailboxNotEnabledForRESTAPI"},
    "rules": {"status": 404, "code": "MailboxNotEnabledForRESTAPI"}}})");
}

void set_applications(ScannedTenant& tenant) {
  const auto app = [](const std::string& name, const std::string& more) {
    return R"({"id": "id-)" + name + R"(", "appId": "app-)" + name + R"(", "displayName": ")" +
           name + "\"" + more + "}";
  };
  const auto certified = [](const std::string& expires) {
    return R"(, "certification": {"isCertifiedByMicrosoft": true, "isPublisherAttested": true,
              "certificationExpirationDateTime": ")" +
           expires + "\"}";
  };
  const std::string vendor = R"(, "appOwnerOrganizationId": "99999999-0000-4000-8000-000000000009",
                                 "servicePrincipalType": "Application")";
  tenant.control(
      "posture/applications",
      R"({"applications": [)" + app("Plain", R"(, "certification": null)") + "," +
          app("Sound", certified("2028-01-01T00:00:00Z")) + "," +
          app("Expiring", certified("2026-12-24T00:00:00Z")) + "," +
          app("Disabled",
              certified("2028-01-01T00:00:00Z") +
                  R"(, "disabledByMicrosoftStatus": "DisabledDueToViolationOfServicesAgreement")") +
          R"(], "service_principals": [)" + app("Vendor", vendor) + "," +
          app("Mail", R"(, "servicePrincipalType": "Application",
                         "appOwnerOrganizationId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a")") +
          R"(], "grants": [{"id": "g1", "clientId": "id-Vendor", "resourceId": "id-Mail",
             "consentType": "AllPrincipals", "principalId": null, "scope": "Mail.Read User.Read"}]})");
}

void set_domains(ScannedTenant& tenant) {
  const auto add = [&](const std::string& name, const std::string& spf, const std::string& dmarc) {
    tenant.control("domains", R"({"name": ")" + name + R"(", "verified": true})");
    if (!spf.empty()) {
      tenant.dns.texts[name] = {"MS=ms1", spf};
    }
    if (!dmarc.empty()) {
      tenant.dns.texts["_dmarc." + name] = {dmarc};
    }
  };
  add("contoso.example", "v=spf1 ip4:192.0.2.10 -all", "v=DMARC1; p=reject");
  add("open.example", "v=spf1 +all", "v=DMARC1; p=none");
  add("bare.example", "", "");
  add("below.example", "v=spf1 -all", "v=DMARC1; p=reject; sp=none");
  add("partial.example", "v=spf1 -all", "v=DMARC1; p=quarantine; pct=50");
  add("silent.example", "", "");
  tenant.dns.fails = {"silent.example", "_dmarc.silent.example"};
}

// One tenant that was scanned with every permission, and once more, anew, with none.
struct Scanned {
  Scanned() {
    for (ScannedTenant* tenant : {&allowed, &denied}) {
      tenant->control("changes", std::string{kUsers});
      set_mailboxes(*tenant);
      set_applications(*tenant);
      set_domains(*tenant);
    }
    denied.set_roles(R"("Organization.Read.All")");
    scanned = allowed.scan().has_value() && denied.scan().has_value();
  }

  ScannedTenant allowed;
  ScannedTenant denied;
  bool scanned = false;
};

const Scanned& scanned() {
  static const Scanned kScanned;
  return kScanned;
}

struct Expectation {
  std::string finding;
  std::string found;  // label of the subject
  std::string clean;
  std::string unknown;  // with every permission; empty: no subject is
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest looks for this name.
void PrintTo(const Expectation& expectation, std::ostream* stream) {
  *stream << expectation.finding;
}

class FindingsTest : public ::testing::TestWithParam<Expectation> {};

TEST_P(FindingsTest, IsFoundWhereItIsAndNowhereElse) {
  ASSERT_TRUE(scanned().scanned);
  const ScannedTenant& tenant = scanned().allowed;
  EXPECT_EQ(tenant.state(GetParam().finding, GetParam().found), "open");
  EXPECT_EQ(tenant.state(GetParam().finding, GetParam().clean), "");
  if (!GetParam().unknown.empty()) {
    EXPECT_EQ(tenant.state(GetParam().finding, GetParam().unknown), "not_evaluated");
  }
}

TEST_P(FindingsTest, IsNotEvaluatedWhereNothingMayBeRead) {
  ASSERT_TRUE(scanned().scanned);
  const ScannedTenant& tenant = scanned().denied;
  EXPECT_EQ(tenant.state(GetParam().finding, std::string{kTenant}), "not_evaluated");
  EXPECT_EQ(tenant.state(GetParam().finding, GetParam().found), "");
  EXPECT_NE(tenant.finding(GetParam().finding, std::string{kTenant}).reason, "");
}

// As GoogleTest takes names: letters, digits, underscores.
std::string name_of_test(const ::testing::TestParamInfo<Expectation>& tested) {
  std::string name = tested.param.finding;
  std::ranges::replace(name, '-', '_');
  return name;
}

const std::string kBad = "bad@contoso.example";
const std::string kWorse = "worse@contoso.example";
const std::string kGood = "good@contoso.example";
const std::string kDenied = "denied@contoso.example";
const std::string kOnPremises = "onprem@contoso.example";

INSTANTIATE_TEST_SUITE_P(
    Every,
    FindingsTest,
    ::testing::Values(
        Expectation{"fido2-authentication-method-unattested", kBad, kGood, kDenied},
        Expectation{"provisioning-error-for-on-prem-user", kBad, kGood, ""},
        Expectation{"password-expiration-disabled-for-user", kBad, kGood, ""},
        Expectation{"password-not-changed-in-last-90-days", kBad, kGood, ""},
        Expectation{"strong-password-disabled-for-user", kBad, kGood, ""},
        Expectation{"cloud-sync-disabled-for-on-prem-user", kWorse, kGood, ""},
        Expectation{"weak-windows-hello-for-business-key-strength", kBad, kGood, kDenied},
        Expectation{"on-prem-user-not-synced-in-7-days", kBad, kGood, ""},
        Expectation{"user-is-not-a-legal-adult", kBad, kGood, ""},
        Expectation{"user-configured-proxy-addresses", kBad, kGood, ""},
        Expectation{"user-account-disabled", kWorse, kGood, ""},
        Expectation{"calendar-shared-externally", kBad, kGood, kDenied},
        Expectation{"app-not-certified-by-microsoft", "Plain", "Sound", "Vendor"},
        Expectation{"app-not-attested-by-publisher", "Plain", "Sound", "Vendor"},
        Expectation{"app-disabled-by-microsoft", "Disabled", "Sound", ""},
        Expectation{"microsoft-domain-spf-record-allows-any-ip-address",
                    "open.example",
                    "contoso.example",
                    "silent.example"},
        Expectation{"spf-record-not-present", "bare.example", "contoso.example", "silent.example"},
        Expectation{
            "dmarc-record-not-present", "bare.example", "contoso.example", "silent.example"},
        Expectation{"dmarc-not-enforced", "open.example", "contoso.example", "silent.example"},
        Expectation{"dmarc-not-enforced-for-subdomains",
                    "below.example",
                    "contoso.example",
                    "silent.example"},
        Expectation{"dmarc-only-partially-enforced",
                    "partial.example",
                    "contoso.example",
                    "silent.example"},
        Expectation{"domain-not-verified", "pending.example", "contoso.example", ""},
        Expectation{
            "app-certification-expires-in-90-days-or-sooner", "Expiring", "Sound", "Vendor"},
        Expectation{
            "active-message-rule-forwards-externally-as-attachment", kBad, kGood, kOnPremises},
        Expectation{"active-message-rule-forwards-externally", kBad, kGood, kOnPremises},
        Expectation{"active-message-rule-redirects-externally", kBad, kGood, kOnPremises}),
    name_of_test);

TEST(Findings, TheTableOfTestsHasEveryFinding) {
  const auto all = scanned().allowed.findings();
  for (const FindingKind& kind : finding_kinds()) {
    EXPECT_TRUE(std::ranges::any_of(all, [&](const PostureFinding& each) {
      return each.finding == kind.id && each.state == FindingState::kOpen;
    })) << kind.title;
  }
}

TEST(Findings, TheEvidenceSaysWhatWasSeen) {
  const ScannedTenant& tenant = scanned().allowed;
  EXPECT_EQ(tenant.finding("fido2-authentication-method-unattested", kBad).evidence,
            (Evidence{{.name = "keys", .values = {"Blue key (deviceBound)"}}}));
  EXPECT_EQ(tenant.finding("active-message-rule-redirects-externally", kBad).evidence,
            (Evidence{{.name = "rule", .values = {"Away"}},
                      {.name = "to", .values = {"eve@sub.contoso.example"}}}));
  EXPECT_EQ(tenant.finding("calendar-shared-externally", kBad).evidence,
            (Evidence{{.name = "shared_with", .values = {"eve@partner.example: read"}}}));
  EXPECT_EQ(tenant.finding("user-account-disabled", kWorse).evidence.back().values,
            std::vector<std::string>{"shared: disabled by design"});
}

TEST(Findings, PeopleAreToldOfHighAndMediumOnesAlone) {
  Scanned fresh;
  const auto told = fresh.allowed.notifications();
  EXPECT_FALSE(told.empty());
  for (const Notification& notification : told) {
    EXPECT_EQ(notification.what, "posture_finding");
    EXPECT_EQ(notification.text.find(", low)"), std::string::npos) << notification.text;
  }
  EXPECT_TRUE(std::ranges::any_of(told, [](const Notification& each) {
    return each.text == "Microsoft Domain SPF Record Allows Any IP Address (open.example, high).";
  }));
  const std::size_t before = told.size();
  ASSERT_TRUE(fresh.allowed.scan().has_value());
  EXPECT_EQ(fresh.allowed.notifications().size(), before);
  fresh.allowed.dns.texts["open.example"] = {"v=spf1 -all"};
  ASSERT_TRUE(fresh.allowed.scan().has_value());
  EXPECT_TRUE(std::ranges::any_of(fresh.allowed.notifications(), [](const Notification& each) {
    return each.text.starts_with("Microsoft Domain SPF") && each.is_resolved;
  }));
}

}  // namespace
}  // namespace directory

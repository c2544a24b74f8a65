// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/store/directory_key.h"
#include "directory/store/provisioning_records.h"
#include "directory/store/records.h"
#include "tests/directory/api/api_fixture.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <iterator>
#include <string>

namespace directory {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAt = "directories/contoso/Tenant";

class DirectoryEditingTest : public tests::ApiTest {
 protected:
  DirectoryEditingTest() {
    const auto added = call("POST",
                            "directories",
                            R"({"name":"Tenant","type":"office365","tenant":"t","client_id":"c",
                                "credential":{"secret_value":"the old secret"},
                                "sync":{"every":"1h","max_shrink":"10%"}})");
    EXPECT_EQ(added.status, 201U) << added.detail();
  }

  [[nodiscard]] std::size_t secrets() const {
    const fs::directory_iterator files{settings_.state / "secrets"};
    return static_cast<std::size_t>(std::distance(fs::begin(files), fs::end(files)));
  }

  AuditEntry newest_entry() { return records_.audit_log(1, 0).value().at(0); }
};

TEST_F(DirectoryEditingTest, ShowsHowADirectoryIsSetUpWithoutItsSecret) {
  const auto shown = call("GET", kAt);
  EXPECT_EQ(shown.status, 200U);
  EXPECT_EQ(shown.json.at("credential").as_string(), "secret");
  EXPECT_EQ(shown.json.at("every_seconds").as_int64(), 3600);
  EXPECT_EQ(shown.json.at("max_shrink").to_number<double>(), 10);
  EXPECT_EQ(shown.json.at("targets").as_string(), "all");
  EXPECT_EQ(call("GET", "directories/contoso/Guests").json.at("credential").as_string(), "none");
  EXPECT_EQ(call("GET", "directories/contoso/Nowhere").status, 404U);
}

TEST_F(DirectoryEditingTest, ChangesWhatIsGivenAndNotesBeforeAndAfter) {
  const int changes = control_.changes;
  const auto changed =
      call("PATCH", kAt, R"({"sync":{"every":"6h","targets":{"people":["a@b"]}}})");
  EXPECT_EQ(changed.status, 200U) << changed.detail();
  EXPECT_EQ(changed.json.at("every_seconds").as_int64(), 21600);
  EXPECT_EQ(changed.json.at("max_shrink").to_number<double>(), 10);
  EXPECT_EQ(changed.json.at("targets").at("people").at(0).as_string(), "a@b");
  EXPECT_EQ(call("GET", kAt).json, changed.json);
  EXPECT_EQ(control_.changes, changes + 1);
  const AuditEntry entry = newest_entry();
  EXPECT_EQ(entry.action, "directory.change");
  EXPECT_EQ(entry.organization, "contoso");
  EXPECT_NE(entry.before.find("1h"), std::string::npos);
  EXPECT_NE(entry.after.find("6h"), std::string::npos);

  const auto back = call("PATCH", kAt, R"({"sync":{"max_shrink":null,"targets":"all"}})");
  EXPECT_EQ(back.json.at("max_shrink").to_number<double>(), 20);
  EXPECT_EQ(back.json.at("targets").as_string(), "all");
}

TEST_F(DirectoryEditingTest, WhatChangesNothingIsNotNoted) {
  const int changes = control_.changes;
  EXPECT_EQ(call("PATCH", kAt, R"({"sync":{"every":"1h"}})").status, 200U);
  EXPECT_EQ(newest_entry().action, "directory.add");
  EXPECT_EQ(control_.changes, changes);
}

TEST_F(DirectoryEditingTest, ANewSecretTakesThePlaceOfTheOldOne) {
  ASSERT_EQ(secrets(), 1U);
  const auto changed = call("PATCH", kAt, R"({"credential":{"certificate_pem":"the new one"}})");
  EXPECT_EQ(changed.json.at("credential").as_string(), "certificate");
  EXPECT_EQ(secrets(), 1U);
  EXPECT_EQ((newest_entry().before + newest_entry().after).find("the new one"), std::string::npos);
  const auto refused =
      call("PATCH", kAt, R"({"sync":{"every":"never"},"credential":{"secret_value":"x"}})");
  EXPECT_EQ(refused.status, 422U);
  EXPECT_EQ(secrets(), 1U);
  EXPECT_EQ(call("GET", kAt).json, changed.json);
}

TEST_F(DirectoryEditingTest, WhatNeedsAnotherConsentIsRefused) {
  for (const char* body : {R"({"tenant":"other"})",
                           R"({"cloud":"china"})",
                           R"({"name":"Other"})",
                           R"({"sync":"1h"})",
                           R"({"sync":{"evry":"1h"}})",
                           R"({"path":"x.csv"})"}) {
    EXPECT_GE(call("PATCH", kAt, body).status, 400U) << body;
  }
  const auto refused = call("PATCH", kAt, R"({"tenant":"other"})");
  EXPECT_EQ(refused.json.at("pointer").as_string(), "/tenant");
}

TEST_F(DirectoryEditingTest, FeaturesComeAndGo) {
  const auto changed = call("PATCH", kAt, R"({"features":["sync","posture"]})");
  EXPECT_EQ(changed.status, 200U) << changed.detail();
  EXPECT_EQ(changed.json.at("features"), boost::json::value({"sync", "posture"}));
  EXPECT_GE(call("PATCH", kAt, R"({"features":["sing"]})").status, 400U);
  EXPECT_EQ(call("PATCH", kAt, R"({"features":["sync"]})").status, 200U);
}

TEST_F(DirectoryEditingTest, ConnectorsThatAreInTheTenantAreNotForgotten) {
  ASSERT_EQ(call("PATCH", kAt, R"({"features":["sync","provision"]})").status, 200U);
  const DirectoryKey key{.organization = "contoso", .directory = "Tenant"};
  ProvisioningRecord record;
  record.is_applied = true;
  ASSERT_TRUE(write_provisioning(*database_, key, record, {}, {}).has_value());
  const auto refused = call("PATCH", kAt, R"({"features":["sync"]})");
  EXPECT_EQ(refused.status, 409U);
  EXPECT_NE(refused.detail().find("connectors remove"), std::string::npos);
  EXPECT_EQ(call("PATCH", kAt, R"({"sync":{"every":"6h"}})").status, 200U);
  EXPECT_EQ(call("DELETE", kAt).status, 409U);
  record.is_applied = false;
  ASSERT_TRUE(write_provisioning(*database_, key, record, {}, {}).has_value());
  EXPECT_EQ(call("DELETE", kAt).status, 200U);
}

TEST_F(DirectoryEditingTest, WhatIsDeclaredOrBeingSyncedIsNotChanged) {
  EXPECT_EQ(call("PATCH", "directories/contoso/Staff", R"({"sync":{"every":"6h"}})").status, 409U);
  ASSERT_EQ(call("POST", "directories/contoso/Tenant/sync", "{}").status, 202U);
  EXPECT_EQ(call("PATCH", kAt, R"({"sync":{"every":"6h"}})").json.at("code").as_string(), "busy");
}

}  // namespace
}  // namespace directory

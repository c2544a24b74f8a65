// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/api/api.h"

#include "directory/http/client.h"
#include "directory/http/server.h"
#include "directory/store/records.h"
#include "policy/result.h"
#include "tests/directory/api/api_fixture.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <string>

namespace directory {
namespace {

using tests::ApiTest;
using tests::ask;

TEST_F(ApiTest, RefusesWhoMayNotUseTheSocket) {
  ServedRequest request;
  request.method = "GET";
  request.path = "/api/v1/status";
  EXPECT_EQ(ask(api_, request).status, 403U);
  request.peer = PeerCredentials{.user = 64001, .group = 64001, .process = 1};
  const auto refused = ask(api_, request);
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(find_header(refused.headers, "content-type"), "application/problem+json");
  request.peer = PeerCredentials{.user = 0, .group = 0, .process = 1};
  EXPECT_EQ(ask(api_, request).status, 200U);
}

TEST_F(ApiTest, RefusesWhatItDoesNotKnowByName) {
  EXPECT_EQ(call("GET", "nothing").status, 404U);
  EXPECT_EQ(call("PATCH", "directories").status, 405U);
  EXPECT_EQ(call("PATCH", "directories").detail(), "/api/v1/directories takes GET, HEAD, POST");
  EXPECT_EQ(call("GET", "groups?colour=red").detail(), "there is no query key 'colour' here");
  EXPECT_EQ(call("GET", "groups?search=a&search=b").status, 400U);
  EXPECT_EQ(call("GET", "groups?limit=0").status, 400U);
  EXPECT_EQ(call("GET", "groups?search=%zz").status, 422U);
  const auto unknown = call("POST", "directories/contoso/Staff/sync", R"({"ful":true})");
  EXPECT_EQ(unknown.status, 400U);
  EXPECT_EQ(unknown.json.at("pointer").as_string(), "/ful");
  EXPECT_EQ(call("POST", "directories/contoso/Staff/sync", R"({"full":1})").detail(),
            "'full' must be true or false");
  EXPECT_EQ(call("POST", "directories/contoso/Staff/sync", "[1]").status, 400U);
  EXPECT_EQ(
      call("POST", "directories/contoso/Staff/sync", R"({"full":true,"full":false})").detail(),
      "the body has 'full' twice in one object");
  EXPECT_EQ(call("POST", "directories/contoso/Staff/sync", "{").status, 400U);
}

TEST_F(ApiTest, AddsAndRemovesADirectory) {
  const std::string body = R"({"name":"A/B \"x\"","type":"csv","path":"ab.csv"})";
  EXPECT_EQ(call("POST", "directories", body).status, 201U);
  EXPECT_EQ(control_.changes, 1);
  EXPECT_EQ(call("POST", "directories", body).json.at("code").as_string(), "exists");
  const auto list = call("GET", "directories");
  ASSERT_EQ(list.json.at("directories").as_array().size(), 3U);
  EXPECT_EQ(list.json.at("directories").at(2).at("name").as_string(), "A/B \"x\"");
  EXPECT_FALSE(list.json.at("directories").at(2).at("declared").as_bool());
  EXPECT_EQ(list.json.at("directories").at(0).at("people").to_number<int>(), 5);
  EXPECT_EQ(records_.audit_log(1, 0).value().at(0).who, "root");

  EXPECT_EQ(call("DELETE", "directories/contoso/A%2FB%20%22x%22").status, 200U);
  EXPECT_EQ(call("DELETE", "directories/contoso/A%2FB%20%22x%22").status, 404U);
  const auto declared = call("DELETE", "directories/contoso/Staff");
  EXPECT_EQ(declared.status, 409U);
  EXPECT_NE(declared.detail().find("directory.yaml declares contoso/Staff"), std::string::npos);
}

TEST_F(ApiTest, RefusesADirectoryThatDirectoryYamlWouldRefuse) {
  const auto refused = call("POST", "directories", R"({"name":"X","type":"ldap"})");
  EXPECT_EQ(refused.status, 422U);
  EXPECT_NE(refused.detail().find("ldap"), std::string::npos);
  EXPECT_EQ(call("POST", "directories", R"({"name":"X","type":"csv","path":"x","pth":1})").status,
            422U);
  EXPECT_EQ(call("POST", "directories", R"({"organization":"nobody","name":"X"})").status, 404U);
  EXPECT_EQ(control_.changes, 0);
}

TEST_F(ApiTest, ASyncIsAJobThatCanBeWatched) {
  const auto begun = call("POST", "directories/contoso/Staff/sync", R"({"accept_shrink":true})");
  EXPECT_EQ(begun.status, 202U);
  EXPECT_EQ(begun.json.at("job").to_number<int>(), 1);
  EXPECT_TRUE(control_.asked.accept_shrink);
  EXPECT_FALSE(control_.asked.full);
  EXPECT_EQ(call("POST", "directories/contoso/Staff/sync").json.at("code").as_string(), "busy");
  EXPECT_EQ(call("GET", "directories").json.at("directories").at(0).at("state").as_string(),
            "syncing");
  jobs_.progress(1, 3, 9, "reading");
  EXPECT_EQ(call("GET", "jobs/1").json.at("total").to_number<int>(), 9);
  jobs_.end(1, policy::fail(policy::ErrorCode::kUnavailable, "no network"), 5);
  EXPECT_EQ(call("GET", "jobs/1").json.at("state").as_string(), "failed");
  EXPECT_EQ(call("GET", "jobs").json.at("jobs").as_array().size(), 1U);
  EXPECT_EQ(call("GET", "jobs/x").status, 404U);
  EXPECT_EQ(call("POST", "directories/contoso/Staff/provision").status, 202U);
  EXPECT_TRUE(control_.asked.provision);
}

TEST_F(ApiTest, TellsWhereToConsentAndWhatIsGranted) {
  EXPECT_EQ(call("POST", "directories/contoso/Staff/authorization").json.at("url").as_string(),
            "https://login.example/consent");
  EXPECT_EQ(call("POST", "directories/contoso/Guests/authorization").detail(),
            "a CSV file needs no consent");
  const auto permissions = call("GET", "permissions?directory=Staff").json.at("directories");
  EXPECT_EQ(permissions.at(0).at("permissions").at(0).at("permission").as_string(),
            "User.Read.All");
}

TEST_F(ApiTest, PagesTheAuditLogAndTheNotifications) {
  for (int i = 0; i < 5; ++i) {
    Notification notification;
    notification.what = "w" + std::to_string(i);
    notification.level = NotificationLevel::kWarning;
    ASSERT_TRUE(records_.notify(notification).has_value());
  }
  const auto first = call("GET", "notifications?limit=3");
  EXPECT_EQ(first.json.at("notifications").at(0).at("what").as_string(), "w4");
  const auto next = boost::json::serialize(first.json.at("next"));
  const auto second = call("GET", "notifications?limit=3&before=" + next);
  EXPECT_EQ(second.json.at("notifications").as_array().size(), 2U);
  EXPECT_TRUE(second.json.at("next").is_null());
  EXPECT_EQ(call("GET", "status").json.at("open_notifications").to_number<int>(), 5);
  EXPECT_EQ(call("GET", "audit").json.at("audit").as_array().size(), 0U);
}

TEST_F(ApiTest, ExportsWhatWasAddedAsYaml) {
  static_cast<void>(call("POST", "directories", R"({"name":"New","type":"csv","path":"n.csv"})"));
  static_cast<void>(call("PUT", "protections/contoso/Staff/group/g3"));
  static_cast<void>(call("PUT", "protections/contoso/Staff/person/eve"));
  static_cast<void>(call(
      "PUT", "people/contoso/Staff/eve/secondary-emails", R"({"addresses":["eve@home.example"]})"));
  EXPECT_EQ(call("GET", "export").json.at("yaml").as_string(),
            "organizations:\n"
            "  - name: \"contoso\"\n"
            "    directories:\n"
            "      - {\"name\":\"New\",\"type\":\"csv\",\"path\":\"n.csv\"}\n"
            "    protect:\n"
            "      groups: [\"Crew\"]\n"
            "      people: [\"eve@contoso.com\"]\n"
            "    secondary_emails:\n"
            "      \"eve@contoso.com\": [\"eve@home.example\"]\n");
}

TEST_F(ApiTest, TheCallbackShowsWhatCameOfItAsText) {
  const HttpHandler handler = make_callback_handler(control_);
  ServedRequest request;
  request.method = "GET";
  request.path = "/oauth/callback";
  control_.authorization = "Authorized <script>alert('1')</script> \xe2\x80\xae.";
  const auto shown = ask(handler, request);
  EXPECT_EQ(shown.status, 200U);
  EXPECT_EQ(shown.body.find("<script"), std::string::npos);
  EXPECT_NE(shown.body.find("&lt;script&gt;"), std::string::npos);
  EXPECT_EQ(shown.body.find("\xe2\x80\xae"), std::string::npos);
  EXPECT_EQ(find_header(shown.headers, "cache-control"), "no-store");
  EXPECT_TRUE(find_header(shown.headers, "content-security-policy")
                  .value_or("")
                  .starts_with("default-src 'none'"));
  control_.authorization = policy::fail(policy::ErrorCode::kDenied, "that state is not known");
  EXPECT_EQ(ask(handler, request).status, 400U);
  request.method = "POST";
  EXPECT_EQ(ask(handler, request).status, 405U);
  request.path = "/api/v1/status";
  EXPECT_EQ(ask(handler, request).status, 404U);
}

}  // namespace
}  // namespace directory

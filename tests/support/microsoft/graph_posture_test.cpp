// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/service.h"
#include "tests/support/microsoft/small_world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tests::microsoft {
namespace {

class MicrosoftPosture : public testing::Test {
 protected:
  MicrosoftPosture() {
    small.application().graph_roles = {"User.Read.All",
                                       "Domain.Read.All",
                                       "UserAuthenticationMethod.Read.All",
                                       "MailboxSettings.Read",
                                       "Calendars.Read",
                                       "Application.Read.All",
                                       "Directory.Read.All"};
    json::object ada;
    ada["id"] = "ada";
    ada["userPrincipalName"] = "Ada@contoso.example";
    ada["mail"] = "ada@contoso.example";
    ada["userType"] = "Member";
    small.directory().add(ObjectKind::kUser, std::move(ada));
  }

  unsigned status(std::string_view target) { return small.get(target).status; }

  json::array value(std::string_view target) {
    return body_of(small.get(target)).at("value").as_array();
  }

  // A batch of GETs; the answers by their place.
  std::map<std::string, json::object> batch(const std::vector<std::string>& urls,
                                            std::string_view priority = "low") {
    json::array requests;
    for (const std::string& url : urls) {
      json::object one;
      one["id"] = std::to_string(requests.size());
      one["method"] = "GET";
      one["url"] = url;
      one["headers"] = json::object({{"x-ms-throttle-priority", "low"}});
      requests.push_back(std::move(one));
    }
    json::object body;
    body["requests"] = std::move(requests);
    const Response response =
        answer(small.world,
               {.service = Service::kGraph,
                .method = "POST",
                .path = "/v1.0/$batch",
                .query = {},
                .headers = {{"Authorization", "Bearer " + small.token()},
                            {"Content-Type", "application/json"},
                            {"x-ms-throttle-priority", std::string{priority}}},
                .body = json::serialize(body)});
    std::map<std::string, json::object> answers;
    const json::object told = body_of(response);
    for (const json::value& part : told.at("responses").as_array()) {
      answers.emplace(text_of(part.as_object(), "id"), part.as_object());
    }
    return answers;
  }

  [[nodiscard]] std::uint64_t count(const std::string& what) const {
    const auto& counts = small.world.log.counts();
    const auto found = counts.find(what);
    return found == counts.end() ? 0 : found->second;
  }

  SmallWorld small{30, 3};
};

TEST_F(MicrosoftPosture, TellsOfAMailboxWhatIsUsual) {
  EXPECT_EQ(
      text_of(value("/v1.0/users/ada/authentication/methods").at(0).as_object(), "@odata.type"),
      "#microsoft.graph.passwordAuthenticationMethod");
  const json::array permissions = value("/v1.0/users/ada/calendar/calendarPermissions");
  ASSERT_EQ(permissions.size(), 1U);
  EXPECT_EQ(permissions.at(0).at("isInsideOrganization"), true);
  EXPECT_TRUE(value("/v1.0/users/ADA@contoso.example/mailFolders/inbox/messageRules").empty());
  const json::object purpose = body_of(small.get("/v1.0/users/ada/mailboxSettings/userPurpose"));
  EXPECT_EQ(text_of(purpose, "value"), "user");
}

TEST_F(MicrosoftPosture, TellsOfAMailboxWhatWasSet) {
  small.control("POST",
                "/control/posture/mailbox",
                R"({"user": "ada", "message_rules": [{"id": "r1"}, {"id": "r2"}],
                    "purpose": "shared",
                    "failures": {"calendar": {"status": 403, "code": "ErrorAccessDenied"}}})");
  EXPECT_EQ(value("/v1.0/users/ada/mailFolders/inbox/messageRules").size(), 2U);
  EXPECT_EQ(code_of(small.get("/v1.0/users/ada/calendar/calendarPermissions")),
            "ErrorAccessDenied");
  small.control(
      "POST", "/control/posture/mailbox", R"({"user": "ada", "failures": {"calendar": null}})");
  EXPECT_EQ(status("/v1.0/users/ada/calendar/calendarPermissions"), 200U);
  EXPECT_EQ(value("/v1.0/users/ada/mailFolders/inbox/messageRules").size(), 2U);
}

TEST_F(MicrosoftPosture, KnowsWhoHasNoMailbox) {
  small.control("POST",
                "/control/changes",
                R"({"operations": [{"op": "create", "kind": "user", "properties":
                     {"id": "guest", "mail": "guest@partner.example", "userType": "Guest"}}]})");
  small.directory().update(*small.directory().find_user("ada"), {{"mail", nullptr}});
  for (const char* user : {"guest", "ada"}) {
    const std::string path = std::string{"/v1.0/users/"} + user;
    EXPECT_EQ(code_of(small.get(path + "/calendar/calendarPermissions")),
              "MailboxNotEnabledForRESTAPI");
    EXPECT_EQ(status(path + "/mailboxSettings/userPurpose"), 404U);
    EXPECT_EQ(status(path + "/authentication/methods"), 200U);
  }
  EXPECT_EQ(code_of(small.get("/v1.0/users/nobody/mailFolders/inbox/messageRules")),
            "ErrorInvalidUser");
  EXPECT_EQ(code_of(small.get("/v1.0/users/nobody/authentication/methods")),
            "Request_ResourceNotFound");
}

TEST_F(MicrosoftPosture, RefusesInTheWordsOfWhoeverRefuses) {
  small.application().graph_roles = {"User.Read.All"};
  EXPECT_EQ(code_of(small.get("/v1.0/users/ada/calendar/calendarPermissions")),
            "ErrorAccessDenied");
  EXPECT_EQ(code_of(small.get("/v1.0/users/ada/mailFolders/inbox/messageRules")),
            "ErrorAccessDenied");
  for (const char* path : {"users/ada/authentication/methods",
                           "applications",
                           "servicePrincipals",
                           "oauth2PermissionGrants",
                           "domains/contoso.example/verificationDnsRecords"}) {
    EXPECT_EQ(code_of(small.get(std::string{"/v1.0/"} + path)), "Authorization_RequestDenied")
        << path;
  }
}

TEST_F(MicrosoftPosture, TakesNoOptionsThatAreNotThere) {
  EXPECT_EQ(status("/v1.0/users/ada/authentication/methods?$top=5"), 400U);
  EXPECT_EQ(status("/v1.0/users/ada/calendar/calendarPermissions?$filter=x"), 400U);
  EXPECT_EQ(status("/v1.0/applications?$top=1000"), 400U);
  EXPECT_EQ(status("/v1.0/applications?$select=id,certification"), 200U);
  EXPECT_EQ(status("/v1.0/servicePrincipals?$select=id,certification"), 400U);
  EXPECT_EQ(status("/v1.0/applications?$skiptoken=made-up"), 400U);
  EXPECT_EQ(status("/v1.0/organization?$select=id,color"), 400U);
}

TEST_F(MicrosoftPosture, ListsApplicationsAndWhatTheyMayDo) {
  small.control("POST",
                "/control/posture/applications",
                R"({"applications": [{"id": "a1", "displayName": "One", "secret": 1}, {"id": "a2"}],
                    "service_principals": [{"id": "s1", "appId": "x"}],
                    "grants": [{"id": "g1", "clientId": "s1"}],
                    "role_assignments": {"s1": [{"id": "r1", "appRoleId": "role"}]}})");
  const json::object first =
      body_of(small.get("/v1.0/applications?$select=id,certification&$top=1"));
  EXPECT_EQ(first.at("value"),
            (json::array{json::object{{"id", "a1"}, {"certification", nullptr}}}));
  const json::object second = body_of(small.get(text_of(first, "@odata.nextLink")));
  EXPECT_EQ(text_of(second.at("value").at(0).as_object(), "id"), "a2");
  EXPECT_FALSE(second.contains("@odata.nextLink"));
  std::set<std::string> names;
  for (const json::value& principal : value("/v1.0/servicePrincipals?$select=id,displayName")) {
    names.emplace(text_of(principal.as_object(), "displayName"));
  }
  EXPECT_EQ(
      names,
      (std::set<std::string>{"", "Microsoft Graph", "Office 365 Exchange Online", "fromguard"}));
  EXPECT_EQ(value("/v1.0/servicePrincipals?$filter=appId%20eq%20'x'").size(), 1U);
  EXPECT_EQ(value("/v1.0/servicePrincipals/s1/appRoleAssignments").size(), 1U);
  EXPECT_EQ(status("/v1.0/servicePrincipals/s2/appRoleAssignments"), 404U);
  EXPECT_EQ(value("/v1.0/oauth2PermissionGrants").size(), 1U);
}

TEST_F(MicrosoftPosture, TellsWhenItLastSynchronizedToWhoMayReadTheOrganization) {
  small.control("POST",
                "/control/posture/organization",
                R"({"properties": {"onPremisesSyncEnabled": true}})");
  const std::string target = "/v1.0/organization?$select=id,onPremisesSyncEnabled";
  EXPECT_EQ(value(target).at(0).at("onPremisesSyncEnabled"), true);
  SmallWorld other{3, 3};
  other.site().posture = small.site().posture;
  EXPECT_TRUE(body_of(other.get(target)).at("value").at(0).at("onPremisesSyncEnabled").is_null());
}

TEST_F(MicrosoftPosture, TellsTheRecordThatWouldVerifyADomain) {
  const json::array records = value("/v1.0/domains/pending.example/verificationDnsRecords");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_TRUE(text_of(records.at(1).as_object(), "text").starts_with("MS=ms"));
  EXPECT_EQ(text_of(records.at(1).as_object(), "text"),
            text_of(value("/v1.0/domains/pending.example/verificationDnsRecords").at(1).as_object(),
                    "text"));
}

TEST_F(MicrosoftPosture, AnswersFourOfOneMailboxAtATime) {
  std::vector<std::string> urls(5, "/users/ada/mailFolders/inbox/messageRules");
  urls.emplace_back("/users/ada/authentication/methods");
  int refused = 0;
  for (const auto& [id, part] : batch(urls)) {
    refused += part.at("status") == 429 ? 1 : 0;
    if (part.at("status") == 429) {
      EXPECT_EQ(part.at("body").at("error").at("code"), "ApplicationThrottled");
    }
  }
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(count("batched GET /v1.0/users/{}/mailFolders/inbox/messageRules"), 5U);
  EXPECT_EQ(count("batched GET /v1.0/users/{}/authentication/methods"), 1U);
}

TEST_F(MicrosoftPosture, CountsScansThatAreInAHurry) {
  static_cast<void>(batch({"/users/ada/authentication/methods"}));
  static_cast<void>(
      small.get("/v1.0/users?$select=id&$top=999", {{"x-ms-throttle-priority", "low"}}));
  static_cast<void>(small.get("/v1.0/users/delta"));
  EXPECT_EQ(count("not_low_priority"), 0U);
  static_cast<void>(batch({"/users/ada/authentication/methods"}, "normal"));
  static_cast<void>(batch({"/domains"}, "normal"));
  static_cast<void>(small.get("/v1.0/users?$select=id"));
  EXPECT_EQ(count("not_low_priority"), 2U);
}

}  // namespace
}  // namespace tests::microsoft

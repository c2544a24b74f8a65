// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/posture_queries.h"

#include "directory/graph/application.h"
#include "directory/graph/failure.h"
#include "directory/graph/graph_client.h"
#include "directory/graph/token_source.h"
#include "directory/http/client.h"
#include "directory/task.h"
#include "policy/event.h"
#include "tests/directory/graph/scripted_graph.h"
#include "tests/support/microsoft/simulator.h"
#include "tests/support/registered_application.h"
#include "tests/support/run_task.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

using Kind = GraphFailureKind;

// Against the simulated Microsoft, with all permissions and Ada, Bob and a guest.
class PostureQueriesTest : public ::testing::Test {
 protected:
  PostureQueriesTest() {
    tests::MicrosoftSimulator::Settings settings;
    settings.people = 5;
    settings.groups = 3;
    microsoft_ = tests::MicrosoftSimulator::start(settings).value();
    grant("");
    control("changes", R"({"operations": [
        {"op": "create", "kind": "user", "properties": {"id": "ada", "displayName": "Ada",
           "userPrincipalName": "ada@contoso.example", "mail": "ada@contoso.example",
           "userType": "Member", "onPremisesSyncEnabled": false}},
        {"op": "create", "kind": "user", "properties": {"id": "b/b?", "mail": "b@contoso.example",
           "userPrincipalName": "bob@contoso.example", "userType": "Member"}},
        {"op": "create", "kind": "user", "properties": {"id": "guest", "userType": "Guest",
           "mail": "guest@partner.example"}}]})");
    http_ = HttpClient::open(io_.get_executor(), {}).value();
    tokens_ = std::make_unique<TokenSource>(
        tests::registered_application(*microsoft_, folder_.path()), *http_, log_);
    GraphClient::Settings pauses;
    pauses.most_attempts = 4;
    pauses.first_pause = std::chrono::milliseconds{1};
    pauses.longest_pause = std::chrono::milliseconds{2};
    client_ = std::make_unique<GraphClient>(*tokens_, *http_, log_, pauses);
  }

  void control(const std::string& call, const std::string& body) {
    const auto done = microsoft_->control("POST", "/control/" + call, body);
    ASSERT_TRUE(done.has_value()) << call << body << done.error().message;
  }

  // Gives the application all permissions of scans but this one.
  void grant(const std::string& all_but) {
    std::string roles;
    for (const char* role : {"User.Read.All",
                             "Domain.Read.All",
                             "UserAuthenticationMethod.Read.All",
                             "MailboxSettings.Read",
                             "Calendars.Read",
                             "Application.Read.All",
                             "Directory.Read.All"}) {
      if (role != all_but) {
        roles += (roles.empty() ? "\"" : ",\"") + std::string{role} + '"';
      }
    }
    control("application", R"({"roles": [)" + roles + "]}");
  }

  template <typename T>
  T run(Task<T> task) {
    return tests::run_task(io_, std::move(task));
  }

  PostureQueries queries() { return PostureQueries{*client_}; }

  static MailboxQuestion everything_of(const std::string& user) {
    return {.user_id = user, .methods = true, .calendar = true, .rules = true, .purpose = true};
  }

  MailboxAnswer ask_everything_of(const std::string& user) {
    auto answers = run(queries().mailboxes({everything_of(user)}));
    EXPECT_TRUE(answers.has_value()) << answers.error().message;
    return std::move(answers.value().at(0));
  }

  void nothing_was_in_a_hurry() { EXPECT_EQ(microsoft_->requests("not_low_priority"), 0U); }

  tests::MicrosoftSimulator& microsoft() { return *microsoft_; }

 private:
  tests::TemporaryFolder folder_;
  std::unique_ptr<tests::MicrosoftSimulator> microsoft_;
  boost::asio::io_context io_;
  policy::EventLog log_{policy::LogLevel::kError, policy::LogFormat::kText};
  std::unique_ptr<HttpClient> http_;
  std::unique_ptr<TokenSource> tokens_;
  std::unique_ptr<GraphClient> client_;
};

TEST_F(PostureQueriesTest, ListsUsersWithAllThatIsAsked) {
  const auto page = run(queries().users(""));
  ASSERT_TRUE(page.has_value()) << page.error().message;
  EXPECT_EQ(page->items.size(), 8U);
  EXPECT_EQ(page->next_link, "");
  const PostureUser* ada = nullptr;
  for (const PostureUser& user : page->items) {
    ada = user.id == "ada" ? &user : ada;
  }
  ASSERT_NE(ada, nullptr);
  EXPECT_EQ(ada->is_synced, false);
  EXPECT_EQ(ada->mail, "ada@contoso.example");
  nothing_was_in_a_hurry();
}

TEST_F(PostureQueriesTest, AsksAllOfAMailboxInOneBatch) {
  control("posture/mailbox",
          R"({"user": "ada", "purpose": "shared",
              "methods": [{"@odata.type": "#microsoft.graph.fido2AuthenticationMethod", "id": "k",
                           "displayName": "Key", "attestationLevel": "notAttested"}],
              "message_rules": [{"id": "r", "displayName": "out", "isEnabled": true, "actions":
                 {"redirectTo": [{"emailAddress": {"address": "x@evil.example"}}]}}]})");
  MailboxQuestion purpose_alone;
  purpose_alone.user_id = "b/b?";
  purpose_alone.purpose = true;
  const auto answers = run(queries().mailboxes({everything_of("ada"), {}, purpose_alone}));
  ASSERT_TRUE(answers.has_value()) << answers.error().message;
  ASSERT_EQ(answers->size(), 3U);
  const MailboxAnswer& ada = answers->at(0);
  EXPECT_EQ(ada.methods.value().value().security_keys.at(0).name, "Key");
  EXPECT_EQ(ada.calendar.value().value().at(0).name, "My Organization");
  EXPECT_EQ(ada.rules.value().value().at(0).redirect_to.at(0).address, "x@evil.example");
  EXPECT_EQ(ada.purpose.value().value(), "shared");
  EXPECT_FALSE(answers->at(1).methods.has_value());
  EXPECT_FALSE(answers->at(2).calendar.has_value());
  EXPECT_EQ(answers->at(2).purpose.value().value(), "user");
  EXPECT_EQ(microsoft().requests("graph POST /v1.0/$batch"), 1U);
  EXPECT_EQ(microsoft().requests("batched GET /v1.0/users/{}/mailboxSettings/userPurpose"), 2U);
  nothing_was_in_a_hurry();
}

TEST_F(PostureQueriesTest, APartThatIsRefusedFailsAlone) {
  grant("Calendars.Read");
  control(
      "posture/mailbox",
      R"({"user": "ada", "failures": {"rules": {"status": 404, "code": "ErrorItemNotFound"}}})");
  const MailboxAnswer ada = ask_everything_of("ada");
  EXPECT_TRUE(ada.methods.value().has_value());
  const GraphFailure& calendar = ada.calendar.value().error();
  EXPECT_EQ(calendar.kind, Kind::kPermission);
  EXPECT_EQ(calendar.code, "ErrorAccessDenied");
  EXPECT_NE(calendar.message.find("Calendars.Read"), std::string::npos) << calendar.message;
  EXPECT_EQ(ada.rules.value().error().kind, Kind::kNotFound);
  EXPECT_EQ(ada.rules.value().error().code, "ErrorItemNotFound");
  EXPECT_TRUE(ada.purpose.value().has_value());
}

TEST_F(PostureQueriesTest, SaysThatSomebodyHasNoMailbox) {
  const MailboxAnswer guest = ask_everything_of("guest");
  EXPECT_TRUE(guest.methods.value().has_value());
  EXPECT_EQ(guest.calendar.value().error().code, "MailboxNotEnabledForRESTAPI");
  EXPECT_EQ(guest.rules.value().error().kind, Kind::kNotFound);
  EXPECT_EQ(guest.purpose.value().error().kind, Kind::kNotFound);
}

TEST_F(PostureQueriesTest, SendsThrottledPartsAgain) {
  control("throttle", R"({"next_parts": 3, "retry_after": "0.001"})");
  const MailboxAnswer ada = ask_everything_of("ada");
  EXPECT_TRUE(ada.methods.value().has_value());
  EXPECT_TRUE(ada.calendar.value().has_value());
  EXPECT_TRUE(ada.rules.value().has_value());
  EXPECT_TRUE(ada.purpose.value().has_value());
  EXPECT_EQ(microsoft().requests("graph POST /v1.0/$batch"), 2U);
  nothing_was_in_a_hurry();
}

TEST_F(PostureQueriesTest, FollowsTheRulesOverTheirPages) {
  control("posture/pages", R"({"size": 2})");
  control("posture/mailbox",
          R"({"user": "b/b?", "message_rules": [{"id": "1"}, {"id": "2"}, {"id": "3"}, {"id": "4"},
                                               {"id": "5"}]})");
  const MailboxAnswer bob = ask_everything_of("b/b?");
  const auto& rules = bob.rules.value().value();
  ASSERT_EQ(rules.size(), 5U);
  EXPECT_EQ(rules[4].id, "5");
  EXPECT_EQ(microsoft().requests("graph GET /v1.0/users/{}/mailFolders/inbox/messageRules"), 2U);
  nothing_was_in_a_hurry();
}

TEST_F(PostureQueriesTest, AsksNoMoreThanABatchHolds) {
  std::vector<MailboxQuestion> questions(5, everything_of("ada"));
  EXPECT_EQ(requests_of(questions[0]), 4U);
  EXPECT_EQ(requests_of({}), 0U);
  EXPECT_TRUE(run(queries().mailboxes(questions)).has_value());
  questions.push_back({});
  EXPECT_TRUE(run(queries().mailboxes(questions)).has_value());
  questions.back().rules = true;
  EXPECT_EQ(run(queries().mailboxes(questions)).error().kind, Kind::kRefused);
  EXPECT_TRUE(run(queries().mailboxes({})).value().empty());
}

TEST_F(PostureQueriesTest, ListsApplicationsAndWhoMayDoWhat) {
  control("posture/applications",
          R"({"applications": [{"id": "a1", "certification": {"isCertifiedByMicrosoft": true}},
                               {"id": "a2"}, {"id": "a3"}],
              "service_principals": [{"id": "s1", "appId": "x1", "appOwnerOrganizationId": "far"}],
              "grants": [{"id": "g", "clientId": "s1", "resourceId": "r",
                          "consentType": "AllPrincipals", "scope": "Mail.Read User.Read"}],
              "role_assignments": {"s1": [{"id": "1", "appRoleId": "r1"},
                                          {"id": "2", "appRoleId": "r2"},
                                          {"id": "3", "appRoleId": "r3"}]}})");
  control("posture/pages", R"({"size": 2})");
  const auto first = run(queries().applications(""));
  ASSERT_EQ(first.value().items.size(), 2U);
  EXPECT_TRUE(first->items[0].certification.has_value());
  const auto second = run(queries().applications(first->next_link));
  ASSERT_EQ(second.value().items.size(), 1U);
  EXPECT_EQ(second->items[0].id, "a3");
  EXPECT_EQ(second->next_link, "");
  const auto own = run(queries().service_principals(""));
  ASSERT_EQ(own.value().items.size(), 2U);
  EXPECT_EQ(own->items[0].app_id, microsoft().client_id());
  const auto others = run(queries().service_principals(own->next_link));
  EXPECT_EQ(others.value().items.at(1).owner_organization, "far");
  const auto grants = run(queries().delegated_grants(""));
  EXPECT_EQ(grants.value().items.at(0).scopes.size(), 2U);
  const auto roles = run(queries().app_role_grants({"s1", "nowhere", own->items[0].id}));
  ASSERT_EQ(roles.value().size(), 3U);
  EXPECT_EQ(roles->at(0).value().size(), 3U);
  EXPECT_EQ(roles->at(1).error().kind, Kind::kNotFound);
  EXPECT_EQ(roles->at(2).value().at(0).resource_name, "Microsoft Graph");
  nothing_was_in_a_hurry();
}

TEST_F(PostureQueriesTest, NamesThePermissionThatAListLacks) {
  grant("Directory.Read.All");
  const auto grants = run(queries().delegated_grants(""));
  ASSERT_FALSE(grants.has_value());
  EXPECT_EQ(grants.error().kind, Kind::kPermission);
  EXPECT_NE(grants.error().message.find("Directory.Read.All"), std::string::npos);
  EXPECT_TRUE(run(queries().applications("")).has_value());
}

TEST_F(PostureQueriesTest, SaysWhenTheTenantWasLastSynchronized) {
  EXPECT_EQ(run(queries().sync_time()).value().is_synced, std::nullopt);
  control("posture/organization",
          R"({"properties": {"onPremisesSyncEnabled": true,
                             "onPremisesLastSyncDateTime": "2026-08-20T10:00:00Z"}})");
  const auto time = run(queries().sync_time());
  ASSERT_TRUE(time.has_value()) << time.error().message;
  EXPECT_EQ(time->id, microsoft().tenant());
  EXPECT_EQ(time->is_synced, true);
  EXPECT_EQ(time->synced, 1787220000);
}

TEST_F(PostureQueriesTest, TellsWhatWouldVerifyADomain) {
  const auto texts = run(queries().verification_texts("pending.example"));
  ASSERT_TRUE(texts.has_value()) << texts.error().message;
  ASSERT_EQ(texts->size(), 1U);
  EXPECT_TRUE(texts->at(0).starts_with("MS=ms"));
  EXPECT_EQ(run(queries().verification_texts("../users")).error().kind, Kind::kNotFound);
  nothing_was_in_a_hurry();
}

TEST_F(PostureQueriesTest, FollowsNoForeignLink) {
  control("faults", R"({"kind": "foreign_link", "path": "/v1.0/users"})");
  EXPECT_EQ(run(queries().users("")).error().kind, Kind::kForeignLink);
  EXPECT_EQ(run(queries().users("https://evil.example/v1.0/users")).error().kind,
            Kind::kForeignLink);
  EXPECT_EQ(microsoft().requests_to_exchange(), 0U);
}

TEST_F(PostureQueriesTest, AnOldLinkMeansToBeginAnew) {
  EXPECT_EQ(run(queries().users(microsoft().graph() + "/v1.0/users?$skiptoken=old")).error().kind,
            Kind::kResync);
}

// What the simulated Microsoft does not do.
class ScriptedPostureTest : public ScriptedGraphTest {
 protected:
  PostureQueries queries() { return PostureQueries{client()}; }

  // Asks for somebody's rules; the answer in the batch is `body`, and what follows is `later`.
  GraphResult<std::vector<MailboxAnswer>> rules_of(
      const std::string& body, const std::vector<tests::ScriptedAnswer>& later = {}) {
    graph_answers(
        {tests::answer(200, R"({"responses":[{"id":"0","status":200,"body":)" + body + "}]}")});
    graph_answers(later);
    MailboxQuestion question;
    question.user_id = "ada";
    question.rules = true;
    return run(queries().mailboxes({question}));
  }
};

TEST_F(ScriptedPostureTest, FollowsNoForeignLinkInAPart) {
  const auto told = rules_of(R"({"value":[],"@odata.nextLink":"https://evil.example/v1.0/x"})");
  EXPECT_EQ(told.value().at(0).rules.value().error().kind, Kind::kForeignLink);
  EXPECT_EQ(requests().size(), 1U);
}

TEST_F(ScriptedPostureTest, ALinkThatLeadsToItselfIsRefused) {
  const std::string page =
      R"({"value":[],"@odata.nextLink":")" + server_.origin() + R"(/v1.0/again"})";
  const auto told = rules_of(page, {tests::answer(200, page), tests::answer(200, page)});
  EXPECT_EQ(told.value().at(0).rules.value().error().kind, Kind::kRefused);
  EXPECT_EQ(requests().size(), 2U);
}

TEST_F(ScriptedPostureTest, APartThatIsNoAnswerFailsAlone) {
  const auto told = rules_of(R"({"values":[]})");
  EXPECT_EQ(told.value().at(0).rules.value().error().kind, Kind::kRefused);
}

TEST_F(ScriptedPostureTest, SaysOfABatchAndItsPartsThatTheyHaveTime) {
  static_cast<void>(rules_of(R"({"value":[]})"));
  const auto sent = requests();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].header("x-ms-throttle-priority"), "low");
  EXPECT_NE(sent[0].body.find(R"("headers":{"x-ms-throttle-priority":"low"})"), std::string::npos)
      << sent[0].body;
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/directory_queries.h"

#include "directory/graph/failure.h"
#include "tests/directory/graph/scripted_graph.h"
#include "tests/support/scripted_http_server.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace directory {
namespace {

using tests::answer;
using Kind = GraphFailureKind;

class DirectoryQueriesTest : public ScriptedGraphTest {
 protected:
  DirectoryQueries queries() { return DirectoryQueries{client()}; }

  GraphResult<DeltaPage<UserChange>> users(const std::string& body) {
    graph_answers({answer(200, of_this_server(body))});
    return run(queries().users_delta(""));
  }

  std::string here(const std::string& target) const { return server_.origin() + target; }

  // The body with its links leading to the scripted server, as they must.
  std::string of_this_server(std::string body) const {
    const auto replace_all = [&](std::string_view what, const std::string& by) {
      for (std::size_t at = body.find(what); at != std::string::npos; at = body.find(what, at)) {
        body.replace(at, what.size(), by);
      }
    };
    replace_all("https://graph.microsoft.com", server_.origin());
    replace_all(R"("@odata.deltaLink":"x")", R"("@odata.deltaLink":")" + here("/v1.0/x") + '"');
    return body;
  }
};

TEST_F(DirectoryQueriesTest, BeginsARoundWithItsSelectList) {
  const auto page = users(read_fixture("graph.users.delta.empty-nextlink.200.json"));
  ASSERT_TRUE(page.has_value()) << page.error().message;
  EXPECT_TRUE(page->changes.empty());
  EXPECT_EQ(page->next_link, here("/v1.0/users/delta?$skiptoken=AAA"));
  EXPECT_EQ(requests().at(0).target,
            "/v1.0/users/delta?$select=id,displayName,givenName,surname,mail,userPrincipalName,"
            "proxyAddresses,otherMails,accountEnabled,userType");
  EXPECT_FALSE(DirectoryQueries::select_version().empty());
}

TEST_F(DirectoryQueriesTest, ReadsChangesByPresence) {
  const auto page = users(read_fixture("graph.users.delta.deleted.200.json"));
  ASSERT_EQ(page->changes.size(), 3U);
  EXPECT_TRUE(page->changes[0].is_removed);
  EXPECT_FALSE(page->changes[1].is_removed);
  EXPECT_FALSE(page->changes[1].mail.has_value());
  EXPECT_FALSE(page->changes[2].display_name.has_value());
  EXPECT_EQ(page->changes[2].proxy_addresses,
            (std::vector<std::string>{"SMTP:new@contoso.com", "smtp:old@contoso.com"}));
  EXPECT_FALSE(page->delta_link.empty());
}

TEST_F(DirectoryQueriesTest, TellsClearedFromUnchanged) {
  const auto page = users(R"({"@odata.deltaLink":"x","unknown":{},"value":[
      {"id":"1","displayName":"Ada","mail":null,"proxyAddresses":null,"accountEnabled":false,
       "userType":"Guest","otherMails":[],"surname":null,"mystery":[1,{}],
       "@removed":{"reason":"changed"}}]})");
  ASSERT_TRUE(page.has_value()) << page.error().message;
  const UserChange& user = page->changes.at(0);
  EXPECT_TRUE(user.is_removed);
  EXPECT_EQ(user.display_name, "Ada");
  EXPECT_EQ(user.mail, "");
  EXPECT_EQ(user.surname, "");
  EXPECT_EQ(user.proxy_addresses, std::vector<std::string>{});
  EXPECT_EQ(user.other_mails, std::vector<std::string>{});
  EXPECT_EQ(user.is_enabled, false);
  EXPECT_FALSE(user.given_name.has_value());
}

TEST_F(DirectoryQueriesTest, RefusesAnAnswerOfWrongTypesAndNamesIt) {
  for (const char* body : {R"({"@odata.deltaLink":"x","value":[{"id":"1","mail":5}]})",
                           R"({"@odata.deltaLink":"x","value":[{"id":1}]})",
                           R"({"@odata.deltaLink":"x","value":[{"mail":"a"}]})",
                           R"({"@odata.deltaLink":"x","value":[7]})",
                           R"({"@odata.deltaLink":"x","value":{}})",
                           R"({"@odata.deltaLink":"x","value":[{"id":"1","otherMails":[1]}]})",
                           R"({"@odata.deltaLink":"x"})",
                           R"({"value":[]})",
                           R"({"@odata.deltaLink":"x","@odata.nextLink":"y","value":[]})",
                           "[]"}) {
    const auto page = users(body);
    ASSERT_FALSE(page.has_value()) << body;
    EXPECT_EQ(page.error().kind, Kind::kRefused) << body;
  }
  EXPECT_EQ(requests().size(), 10U);
}

TEST_F(DirectoryQueriesTest, RefusesALinkToAnotherOrigin) {
  const auto page = users(R"({"@odata.nextLink":"https://elsewhere.example/v1.0/x","value":[]})");
  ASSERT_FALSE(page.has_value());
  EXPECT_EQ(page.error().kind, Kind::kForeignLink);
}

TEST_F(DirectoryQueriesTest, ReadsGroupsAndTheirMembers) {
  graph_answers(
      {answer(200, of_this_server(read_fixture("graph.groups.delta.member-removed.200.json")))});
  const auto page = run(queries().groups_delta(""));
  EXPECT_EQ(requests().at(0).target,
            "/v1.0/groups/delta?$select=id,displayName,mail,proxyAddresses,members");
  ASSERT_EQ(page->changes.size(), 2U);
  const auto& members = page->changes[0].members;
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[0].kind, MemberKind::kUser);
  EXPECT_EQ(members[1].kind, MemberKind::kGroup);
  EXPECT_TRUE(members[2].is_removed);
  EXPECT_TRUE(page->changes[1].is_removed);
}

TEST_F(DirectoryQueriesTest, ReadsMemberTypesWithOrWithoutHash) {
  const std::string body = of_this_server(
      R"({"@odata.deltaLink":"x","value":[{"id":"g","members@delta":[
      {"@odata.type":"microsoft.graph.user","id":"1"},{"id":"2"},
      {"@odata.type":"#microsoft.graph.device","id":"3"}]}]})");
  graph_answers({answer(200, body)});
  const auto page = run(queries().groups_delta(""));
  const auto& members = page->changes.at(0).members;
  EXPECT_EQ(members.at(0).kind, MemberKind::kUser);
  EXPECT_EQ(members.at(1).kind, MemberKind::kOther);
  EXPECT_EQ(members.at(2).kind, MemberKind::kOther);
}

TEST_F(DirectoryQueriesTest, ListsDomainsWithTheirMailExchange) {
  const std::string records = R"({"id":"1","status":200,"body":{"value":[
      {"@odata.type":"microsoft.graph.domainDnsTxtRecord","supportedService":"Email","text":"v"},
      {"@odata.type":"#microsoft.graph.domainDnsMxRecord","supportedService":"Email",
       "preference":10,"mailExchange":"second.mail.protection.outlook.com"},
      {"@odata.type":"microsoft.graph.domainDnsMxRecord","supportedService":"Email",
       "preference":0,"mailExchange":"contoso-com.mail.protection.outlook.com"}]}})";
  graph_answers({answer(200,
                        R"({"@odata.nextLink":")" + here("/v1.0/domains?$skiptoken=2") +
                            R"(","value":[{"id":"nothing.example"}]})"),
                 answer(200, read_fixture("graph.domains.findings.200.json")),
                 answer(200, R"({"responses":[)" + records + R"(,{"id":"0","status":404}]})")});
  const auto domains = run(queries().domains());
  ASSERT_TRUE(domains.has_value()) << domains.error().message;
  ASSERT_EQ(domains->size(), 4U);
  EXPECT_FALSE((*domains)[0].is_verified);
  EXPECT_TRUE((*domains)[1].is_initial);
  EXPECT_EQ((*domains)[1].mail_exchange, "");
  EXPECT_EQ((*domains)[2].name, "contoso.com");
  EXPECT_EQ((*domains)[2].authentication_type, "Managed");
  EXPECT_EQ((*domains)[2].mail_exchange, "contoso-com.mail.protection.outlook.com");
  EXPECT_FALSE((*domains)[3].is_verified);
  EXPECT_EQ(requests().size(), 3U);
}

TEST_F(DirectoryQueriesTest, FailsRatherThanForgetsAMailExchange) {
  graph_answers({answer(200, R"({"value":[{"id":"a.example","isVerified":true,
                                 "supportedServices":["Email"]}]})"),
                 answer(200, R"({"responses":[{"id":"0","status":403}]})")});
  const auto domains = run(queries().domains());
  EXPECT_EQ(domains.error().kind, Kind::kPermission);
  EXPECT_NE(domains.error().message.find("Domain.Read.All"), std::string::npos);
}

TEST_F(DirectoryQueriesTest, EndsAListWhoseLinkLeadsToItself) {
  const std::string body = R"({"@odata.nextLink":")" + here("/v1.0/domains?a") + R"(","value":[]})";
  graph_answers(std::vector(9, answer(200, body)));
  EXPECT_EQ(run(queries().domains()).error().kind, Kind::kRefused);
  EXPECT_EQ(requests().size(), 2U);
}

TEST_F(DirectoryQueriesTest, NamesTheOrganization) {
  graph_answers({answer(200, R"({"value":[{"id":"t","displayName":"Contoso","city":null}]})"),
                 answer(200, R"({"value":[]})")});
  EXPECT_EQ(run(queries().organization())->display_name, "Contoso");
  EXPECT_EQ(run(queries().organization()).error().kind, Kind::kRefused);
}

TEST_F(DirectoryQueriesTest, FindsUsersByPrincipalName) {
  graph_answers({answer(200, R"({"responses":[
      {"id":"1","status":404,"body":{"error":{"code":"Request_ResourceNotFound","message":""}}},
      {"id":"0","status":200,"body":{"id":"7","displayName":"Ada"}}]})")});
  std::vector<std::string> names{"ada#EXT#@contoso.com", "gone@contoso.com"};
  const auto users = run(queries().users_named(names));
  ASSERT_EQ(users->size(), 1U);
  EXPECT_EQ(users->front().id, "7");
  EXPECT_NE(requests().at(0).body.find("/users/ada%23EXT%23%40contoso.com?$select=id,"),
            std::string::npos);
}

TEST_F(DirectoryQueriesTest, FindsGroupsWithEverybodyInThem) {
  graph_answers({answer(200, R"({"value":[{"id":"g1","displayName":"O'Hara"}]})"),
                 answer(200, R"({"@odata.nextLink":")" + here("/v1.0/next") + R"(","value":[
           {"@odata.type":"#microsoft.graph.user","id":"1"},
           {"@odata.type":"#microsoft.graph.group","id":"2"},
           {"@odata.type":"#microsoft.graph.orgContact","id":"3","displayName":5}]})"),
                 answer(200, R"({"value":[{"id":"4","userPrincipalName":"b@contoso.com"}]})")});
  const auto groups = run(queries().groups_beginning("O'H", 2));
  ASSERT_TRUE(groups.has_value()) << groups.error().message;
  ASSERT_EQ(groups->at(0).users.size(), 2U);
  EXPECT_EQ(groups->at(0).users[1].id, "4");
  EXPECT_NE(requests().at(0).target.find("startswith(displayName,'O%27%27H')"), std::string::npos);
  EXPECT_NE(requests().at(1).target.find("/groups/g1/transitiveMembers?"), std::string::npos);
}

TEST_F(DirectoryQueriesTest, StopsReadingWhenThereAreTooManyPeople) {
  graph_answers({answer(200, R"({"value":[{"id":"g1"},{"id":"g2"}]})"),
                 answer(200, R"({"@odata.nextLink":")" + here("/v1.0/next") + R"(","value":[
                     {"@odata.type":"#microsoft.graph.user","id":"1"},
                     {"@odata.type":"#microsoft.graph.user","id":"2"}]})")});
  EXPECT_EQ(run(queries().groups_beginning("Exe", 1)).error().kind, Kind::kRefused);
  EXPECT_EQ(requests().size(), 2U);
  EXPECT_EQ(run(queries().groups_beginning("\xC3\xA4\xC3\xB6", 1)).error().kind, Kind::kRefused);
  EXPECT_EQ(requests().size(), 2U);
}

}  // namespace
}  // namespace directory

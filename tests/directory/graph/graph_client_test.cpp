// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/graph_client.h"

#include "directory/graph/backoff.h"
#include "directory/graph/failure.h"
#include "tests/directory/graph/scripted_graph.h"
#include "tests/support/scripted_http_server.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace directory {
namespace {

using std::chrono::milliseconds;
using tests::answer;
using tests::ScriptedAnswer;
using Kind = GraphFailureKind;

class GraphClientTest : public ScriptedGraphTest {
 protected:
  GraphResult<GraphAnswer> get(const std::string& target = "/users") {
    GraphRequest request;
    request.target = target;
    request.permission = "GroupMember.Read.All";
    return run(client().send(request));
  }

  GraphResult<std::vector<GraphResult<GraphAnswer>>> batch(std::size_t count) {
    std::vector<BatchRequest> requests(count);
    for (std::size_t i = 0; i < count; ++i) {
      requests[i].target = "/users/" + std::to_string(i);
    }
    return run(client().send_batch(requests));
  }
};

TEST_F(GraphClientTest, SendsTheTokenAndReadsTheAnswer) {
  graph_answers({answer(200, R"({"value":[]})")});
  const auto got = get("/users?$select=id");
  ASSERT_TRUE(got.has_value()) << got.error().message;
  EXPECT_EQ(got->body, R"({"value":[]})");
  const auto request = requests().at(0);
  EXPECT_EQ(request.target, "/v1.0/users?$select=id");
  EXPECT_EQ(request.header("authorization"), "Bearer " + scripted_token(1));
  EXPECT_EQ(request.header("accept"), "application/json");
  EXPECT_EQ(request.header("client-request-id").size(), 36U);
  EXPECT_EQ(client().requests_sent(), 1U);
}

TEST_F(GraphClientTest, SendsABodyAsJsonAndTakesAnEmptyAnswer) {
  graph_answers({answer(204, "")});
  GraphRequest request;
  request.method = "POST";
  request.target = "/things";
  request.body = R"({"a":1})";
  request.headers = {{"Prefer", "IdType=\"ImmutableId\""}};
  const auto got = run(client().send(request));
  EXPECT_EQ(got->status, 204U);
  EXPECT_EQ(requests().at(0).body, R"({"a":1})");
  EXPECT_EQ(requests().at(0).header("content-type"), "application/json");
  EXPECT_EQ(requests().at(0).header("prefer"), "IdType=\"ImmutableId\"");
}

TEST_F(GraphClientTest, FollowsLinksWithinItsOriginAlone) {
  graph_answers({answer(200, "{}")});
  EXPECT_TRUE(get(server_.origin() + "/v1.0/users?$skiptoken=x").has_value());
  EXPECT_EQ(requests().at(0).target, "/v1.0/users?$skiptoken=x");
  const std::string port = std::to_string(server_.port());
  for (const std::string& link : {"https://127.0.0.1:" + port + "/v1.0/users",
                                  "http://localhost:" + port + "/v1.0/users",
                                  std::string{"http://127.0.0.1:1/v1.0/users"},
                                  std::string{"https://graph.example/v1.0/users?$skiptoken=x"}}) {
    const auto got = get(link);
    EXPECT_EQ(got.error().kind, Kind::kForeignLink) << link;
    EXPECT_EQ(got.error().message.find("skiptoken"), std::string::npos);
  }
  EXPECT_EQ(get("http://user@127.0.0.1:" + port + "/").error().kind, Kind::kRefused);
  EXPECT_EQ(requests().size(), 1U);
}

TEST_F(GraphClientTest, RetriesWhatMayWorkLater) {
  const std::vector<ScriptedAnswer> passing{
      answer(429, "{}", "Retry-After: 0.002\r\n"),
      answer(503, ""),
      answer(500, "{}"),
      answer(200, "<html>"),
      answer(200, R"({"value":[)"),
      answer(200, ""),
      {.octets = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", .closes = true}};
  for (const ScriptedAnswer& first : passing) {
    graph_answers({first, answer(200, "{}")});
    const auto got = get();
    EXPECT_TRUE(got.has_value()) << first.octets;
  }
  EXPECT_EQ(requests().size(), 2 * passing.size());
  const GraphAnswerCounts counted{{0, 1}, {200, 10}, {429, 1}, {500, 1}, {503, 1}};
  EXPECT_EQ(client().answers(), counted);
}

TEST_F(GraphClientTest, GivesUpAfterSoManyAttempts) {
  graph_answers(std::vector(9, answer(503, R"({"error":{"code":"serviceNotAvailable"}})")));
  const auto got = get("/users?$skiptoken=word");
  EXPECT_EQ(got.error().kind, Kind::kUnavailable);
  EXPECT_EQ(got.error().code, "serviceNotAvailable");
  EXPECT_EQ(got.error().status, 503U);
  EXPECT_EQ(got.error().message.find("word"), std::string::npos);
  EXPECT_EQ(requests().size(), 3U);
}

TEST_F(GraphClientTest, TakesANewTokenOnceWhenItIsRefused) {
  const auto refused = answer(401, read_fixture("graph.error.401.InvalidAuthenticationToken.json"));
  graph_answers({refused, answer(200, "{}"), refused, refused});
  EXPECT_TRUE(get().has_value());
  EXPECT_EQ(requests().at(1).header("authorization"), "Bearer " + scripted_token(2));
  const auto got = get();
  EXPECT_EQ(got.error().kind, Kind::kCredential);
  EXPECT_EQ(got.error().code, "InvalidAuthenticationToken");
  EXPECT_EQ(requests().size(), 4U);
}

TEST_F(GraphClientTest, NamesThePermissionThatIsMissingAndAsksForNewRoles) {
  graph_answers({answer(403, read_fixture("graph.error.403.Authorization_RequestDenied.json")),
                 answer(200, "{}")});
  const auto got = get();
  EXPECT_EQ(got.error().kind, Kind::kPermission);
  EXPECT_NE(got.error().message.find("GroupMember.Read.All"), std::string::npos);
  EXPECT_NE(got.error().message.find("directories authorize"), std::string::npos);
  EXPECT_NE(got.error().message.find("(Authorization_RequestDenied: "), std::string::npos);
  EXPECT_TRUE(get().has_value());
  EXPECT_EQ(requests().at(1).header("authorization"), "Bearer " + scripted_token(2));
}

TEST_F(GraphClientTest, TellsOtherRefusalsApart) {
  graph_answers({answer(404, read_fixture("graph.error.404.Request_ResourceNotFound.json")),
                 answer(400, R"({"error":{"code":"BadRequest","message":"no"}})"),
                 answer(501, ""),
                 answer(302, "", "Location: https://elsewhere.example/\r\n"),
                 answer(403, std::string(1, '\0'))});
  EXPECT_EQ(get().error().kind, Kind::kNotFound);
  EXPECT_EQ(get().error().kind, Kind::kRefused);
  EXPECT_EQ(get().error().kind, Kind::kRefused);
  EXPECT_EQ(get().error().kind, Kind::kRefused);
  EXPECT_EQ(get().error().kind, Kind::kPermission);
  EXPECT_EQ(requests().size(), 5U);
}

TEST_F(GraphClientTest, KnowsThatADeltaLinkIsOfNoUse) {
  const std::string link = server_.origin() + "/v1.0/users/delta?$deltatoken=";
  const std::string gone = read_fixture("graph.error.410.syncStateNotFound.json");
  graph_answers(
      {answer(410, gone, "Location: " + link + "\r\n"),
       answer(410, gone, "Location: https://elsewhere.example/v1.0/users/delta\r\n"),
       answer(400, read_fixture("graph.error.410.resyncRequired.json")),
       answer(400, R"({"error":{"code":"x","innererror":{"code":"SyncStateNotFound"}}})")});
  const auto got = get();
  EXPECT_EQ(got.error().kind, Kind::kResync);
  EXPECT_EQ(got.error().resync_link, link);
  EXPECT_EQ(get().error().resync_link, "");
  EXPECT_EQ(get().error().kind, Kind::kResync);
  EXPECT_EQ(get().error().kind, Kind::kResync);
}

TEST_F(GraphClientTest, PassesTheFailureOfTheTokenOn) {
  login_answers({answer(400, read_fixture("token.error.700016.json"))});
  EXPECT_EQ(get().error().kind, Kind::kConsent);
  EXPECT_TRUE(requests().empty());
}

TEST_F(GraphClientTest, BatchesByTwentyAndKeepsTheOrder) {
  const auto answered = [](std::size_t from, std::size_t to) {
    std::string list;
    for (std::size_t i = to; i > from; --i) {
      const std::string id = std::to_string(i - 1);
      list += (list.empty() ? "" : ",") + (R"({"id":")" + id) + R"(","status":200,"body":{"n":)" +
              id + "}}";
    }
    return answer(200, R"({"responses":[)" + list + "]}");
  };
  graph_answers({answered(0, 20), answered(20, 25)});
  const auto got = batch(25);
  ASSERT_TRUE(got.has_value()) << got.error().message;
  ASSERT_EQ(got->size(), 25U);
  for (std::size_t i = 0; i < got->size(); ++i) {
    EXPECT_EQ((*got)[i]->body, R"({"n":)" + std::to_string(i) + "}");
  }
  const auto sent = boost::json::parse(requests().at(1).body).at("requests").as_array();
  EXPECT_EQ(sent.size(), 5U);
  EXPECT_EQ(sent.at(0).at("url"), "/users/20");
  EXPECT_EQ(requests().at(0).target, "/v1.0/$batch");
}

TEST_F(GraphClientTest, ReadsEveryKindOfPart) {
  graph_answers({answer(200, R"({"responses":[
      {"id":"3","status":200,"body":"eyJhIjoxfQ=="},
      {"id":"1","status":204,"body":null},
      {"id":"0","status":404,"body":{"error":{"code":"ErrorItemNotFound","message":"m"}}},
      {"id":"2","status":200,"body":"plain text"},
      {"id":"77","status":200,"body":{}},
      {"id":"x"}, 5]})")});
  const auto got = batch(4);
  EXPECT_EQ((*got)[0].error().kind, Kind::kNotFound);
  EXPECT_EQ((*got)[0].error().code, "ErrorItemNotFound");
  EXPECT_EQ((*got)[1]->body, "");
  EXPECT_EQ((*got)[2]->body, "\"plain text\"");
  EXPECT_EQ((*got)[3]->body, R"({"a":1})");
}

TEST_F(GraphClientTest, SendsThrottledAndMissingPartsAgain) {
  graph_answers({answer(200, R"({"responses":[
           {"id":"2","status":429,"headers":{"Retry-After":"0.001"}},
           {"id":"1","status":200,"body":{}}]})"),
                 answer(424, R"({"responses":[{"id":"0","status":200,"body":{}},
                                    {"id":"2","status":429,"headers":{"Retry-After":0}}]})"),
                 answer(429, R"({"responses":[{"id":"2","status":503}]})")});
  const auto got = batch(3);
  ASSERT_TRUE(got.has_value());
  EXPECT_TRUE((*got)[0].has_value());
  EXPECT_TRUE((*got)[1].has_value());
  EXPECT_EQ((*got)[2].error().kind, Kind::kUnavailable);
  EXPECT_EQ((*got)[2].error().status, 503U);
  EXPECT_EQ(boost::json::parse(requests().at(1).body).at("requests").as_array().size(), 2U);
  EXPECT_EQ(requests().size(), 3U);
  const GraphAnswerCounts one_by_one{{200, 2}, {429, 2}, {503, 1}};
  EXPECT_EQ(client().answers(), one_by_one);
}

TEST_F(GraphClientTest, EndsABatchThatIsNeverAnswered) {
  graph_answers({answer(200, "{}"), answer(200, "[]"), answer(200, R"({"responses":7})")});
  const auto got = batch(1);
  EXPECT_EQ((*got)[0].error().kind, Kind::kUnavailable);
  EXPECT_EQ(requests().size(), 3U);
  EXPECT_TRUE(batch(0)->empty());
}

TEST_F(GraphClientTest, ReadsTheDocumentedMixedBatch) {
  std::string body = read_fixture("graph.batch.mixed-429.200.json");
  body.replace(body.find("\"7\""), 3, "\"0\"");
  graph_answers(
      {answer(200, body), answer(200, R"({"responses":[]})"), answer(200, R"({"responses":[]})")});
  const auto got = batch(4);
  EXPECT_EQ((*got)[1]->status, 201U);
  EXPECT_EQ((*got)[2].error().kind, Kind::kUnavailable);
  EXPECT_EQ((*got)[3].error().code, "ErrorItemNotFound");
}

TEST(BackoffTest, ReadsRetryAfterInSecondsWithFractions) {
  const auto read = [](const char* text) { return retry_after({{"retry-after", text}}); };
  EXPECT_EQ(read("7"), milliseconds{7000});
  EXPECT_EQ(read("2.128"), milliseconds{2128});
  EXPECT_EQ(read("1e99"), std::chrono::hours{24});
  EXPECT_FALSE(read("-1").has_value());
  EXPECT_FALSE(read("nan").has_value());
  EXPECT_FALSE(read("Fri, 21 Aug 2026 07:28:00 GMT").has_value());
  EXPECT_FALSE(retry_after({}).has_value());
}

TEST(BackoffTest, GrowsToItsLongest) {
  const Backoff backoff{.first = milliseconds{100}, .longest = milliseconds{1000}};
  for (int attempt = 1; attempt < 40; ++attempt) {
    const auto pause = backoff.pause(attempt, {});
    EXPECT_GE(pause, milliseconds{0});
    EXPECT_LE(pause, attempt == 1 ? milliseconds{100} : milliseconds{1000});
  }
  EXPECT_EQ(backoff.pause(1, milliseconds{700}), milliseconds{700});
  EXPECT_EQ(backoff.pause(1, milliseconds{7000}), milliseconds{1000});
}

}  // namespace
}  // namespace directory

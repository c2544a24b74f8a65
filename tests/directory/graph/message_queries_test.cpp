// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/graph/message_queries.h"

#include "directory/graph/failure.h"
#include "tests/directory/graph/scripted_graph.h"
#include "tests/support/scripted_http_server.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace json = boost::json;

class MessageQueriesTest : public ScriptedGraphTest {
 protected:
  // The answer to a batch: this for each of so many requests.
  static tests::ScriptedAnswer batch_of(std::size_t count,
                                        unsigned status,
                                        const std::string& body) {
    std::string parts;
    for (std::size_t i = 0; i < count; ++i) {
      parts += (i == 0 ? "" : ",") + (R"({"id":")" + std::to_string(i) + R"(","status":)") +
               std::to_string(status) + R"(,"body":)" + body + "}";
    }
    return tests::answer(200, R"({"responses":[)" + parts + "]}");
  }

  [[nodiscard]] json::array parts_of(std::size_t batch) const {
    return json::parse(requests().at(batch).body).at("requests").as_array();
  }

  MessageQueries queries_{client()};
};

TEST_F(MessageQueriesTest, AMessageIdIsQuotedAndEscapedAndIdsAreImmutable) {
  graph_answers({batch_of(1, 200, R"({"value":[{"id":"1","parentFolderId":"f","subject":null,
      "receivedDateTime":"2026-11-22T10:00:00Z","isRead":true,
      "from":{"emailAddress":{"name":"Ada","address":"ada@x.example"}}},{"subject":"no id"}]})")});
  std::vector<CopyQuestion> questions{
      {.user_id = "u/1", .folder = {}, .message_id = "<a'b+c&d#e /f@x.example>"}};
  const auto found = run(queries_.copies(std::move(questions)));
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->size(), 1U);
  ASSERT_EQ(found->front().value().size(), 1U);
  const MessageCopy& copy = found->front().value().front();
  EXPECT_EQ(copy.sender, "ada@x.example");
  EXPECT_EQ(copy.subject, "");
  EXPECT_EQ(copy.received, 1'795'341'600);
  EXPECT_TRUE(copy.is_read);
  const json::array parts = parts_of(0);
  const std::string url{parts[0].at("url").as_string()};
  EXPECT_TRUE(
      url.starts_with("/users/u%2F1/messages?$filter=internetMessageId%20eq%20%27%3Ca%27%27b"
                      "%2Bc%26d%23e%20%2Ff%40x.example%3E%27&$select=id,"))
      << url;
  EXPECT_EQ(parts[0].at("headers").at("Prefer").as_string(), R"(IdType="ImmutableId")");
}

TEST_F(MessageQueriesTest, NoBatchAsksMoreThanFourTimesOfOneMailbox) {
  graph_answers({batch_of(8, 201, R"({"id":"1","parentFolderId":"q"})"),
                 batch_of(2, 201, R"({"id":"1","parentFolderId":"q"})")});
  std::vector<CopyMove> moves;
  for (int i = 0; i < 6; ++i) {
    const CopyPlace copy{.user_id = "a", .folder = {}, .id = std::to_string(i)};
    moves.push_back({.copy = copy, .to = "q"});
  }
  for (int i = 0; i < 4; ++i) {
    const CopyPlace copy{.user_id = "b", .folder = "q", .id = std::to_string(i)};
    moves.push_back({.copy = copy, .to = "inbox"});
  }
  const auto moved = run(queries_.move(std::move(moves)));
  ASSERT_TRUE(moved.has_value());
  EXPECT_EQ(moved->size(), 10U);
  EXPECT_EQ(parts_of(0).size(), 8U);
  EXPECT_EQ(parts_of(1).size(), 2U);
  EXPECT_EQ(parts_of(0)[0].at("url").as_string(), "/users/a/messages/0/move");
  EXPECT_EQ(parts_of(0)[4].at("url").as_string(), "/users/b/mailFolders/q/messages/0/move");
  EXPECT_EQ(parts_of(0)[4].at("body").at("destinationId").as_string(), "inbox");
}

TEST_F(MessageQueriesTest, ALinkToAnotherOriginIsNotFollowed) {
  graph_answers({batch_of(
      1, 200, R"({"value":[],"@odata.nextLink":"https://graph.elsewhere.example/v1.0/users"})")});
  std::vector<CopyQuestion> questions{{.user_id = "a", .folder = {}, .message_id = "<1@x>"}};
  const auto found = run(queries_.copies(std::move(questions)));
  ASSERT_TRUE(found.has_value());
  ASSERT_FALSE(found->front().has_value());
  EXPECT_EQ(found->front().error().kind, GraphFailureKind::kForeignLink);
}

TEST_F(MessageQueriesTest, TheHiddenOneOfTwoFoldersIsTaken) {
  graph_answers(
      {batch_of(1, 200, R"({"value":[{"id":"1","isHidden":false},{"id":"2","isHidden":true}]})")});
  std::vector<std::string> users{"a"};
  const auto found = run(queries_.folders_named(std::move(users), "fromguard quarantine"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->front().value()->id, "2");
  const std::string url{parts_of(0)[0].at("url").as_string()};
  EXPECT_NE(url.find("includeHiddenFolders=true&$filter=displayName%20eq%20%27fromguard%20quar"),
            std::string::npos)
      << url;
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/small_world.h"
#include "tests/support/microsoft/world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace tests::microsoft {
namespace {

constexpr std::string_view kFilter = "$filter=internetMessageId%20eq%20'%3C1%40x.example%3E'";

class GraphMessagesTest : public ::testing::Test {
 protected:
  GraphMessagesTest() {
    world_.application().graph_roles = {"Mail.ReadWrite"};
    world_.control("POST", "/control/changes", R"({"operations": [{"op": "create", "kind": "user",
        "properties": {"id": "ada", "userPrincipalName": "ada@contoso.example",
                       "mail": "ada@contoso.example", "userType": "Member"}}]})");
    world_.control("POST", "/control/mail/deliver", R"({"message_id": "<1@x.example>",
        "recipients": ["ada@contoso.example"], "sender": "eve@x.example", "subject": "Hello"})");
  }

  [[nodiscard]] json::array listed(const std::string& place, bool is_immutable = true) {
    Fields headers;
    if (is_immutable) {
      headers.emplace_back("Prefer", R"(IdType="ImmutableId")");
    }
    const Response response =
        world_.get("/v1.0/users/ada/" + place + '?' + std::string{kFilter}, std::move(headers));
    EXPECT_EQ(response.status, 200U) << response.body;
    return body_of(response).at("value").as_array();
  }

  SmallWorld world_{3, 3};
};

TEST_F(GraphMessagesTest, AMoveChangesAnIdUnlessItIsImmutable) {
  const json::array fixed = listed("messages");
  const json::array plain = listed("messages", false);
  world_.control("POST", "/control/mail/change", R"({"user": "ada@contoso.example",
      "message_id": "<1@x.example>", "folder": "junkemail"})");
  EXPECT_EQ(listed("messages")[0].at("id"), fixed[0].at("id"));
  EXPECT_NE(listed("messages", false)[0].at("id"), plain[0].at("id"));
}

TEST_F(GraphMessagesTest, RecoverableItemsAreListedInTheirFolderAlone) {
  world_.control("POST", "/control/mail/change", R"({"user": "ada@contoso.example",
      "message_id": "<1@x.example>", "folder": "recoverableitemsdeletions"})");
  EXPECT_TRUE(listed("messages").empty());
  EXPECT_EQ(listed("mailFolders/recoverableitemsdeletions/messages").size(), 1U);
}

TEST_F(GraphMessagesTest, HiddenFoldersAreToldToWhoAsksForThem) {
  world_.control("POST",
                 "/control/mail/folders",
                 R"({"user": "ada@contoso.example", "name": "q", "hidden": true})");
  const std::string named = "/v1.0/users/ada/mailFolders?$filter=displayName%20eq%20'q'";
  EXPECT_TRUE(body_of(world_.get(named)).at("value").as_array().empty());
  EXPECT_EQ(body_of(world_.get(named + "&includeHiddenFolders=true")).at("value").as_array().size(),
            1U);
}

TEST_F(GraphMessagesTest, WhatExchangeRefusesIsRefused) {
  const std::string messages = "/v1.0/users/ada/messages";
  EXPECT_EQ(code_of(world_.get(messages + "?$filter=subject%20eq%20'Hello'")),
            "ErrorInvalidUrlQueryFilter");
  EXPECT_EQ(code_of(world_.get(messages + '?' + std::string{kFilter} + "&$orderby=subject")),
            "InefficientFilter");
  EXPECT_EQ(code_of(world_.get(messages + "/nothing")), "ErrorItemNotFound");
  EXPECT_EQ(code_of(world_.get("/v1.0/users/ada/mailFolders/nothing")), "ErrorItemNotFound");
}

TEST_F(GraphMessagesTest, MailTakesItsPermission) {
  world_.application().graph_roles = {"User.Read.All"};
  EXPECT_EQ(code_of(world_.get("/v1.0/users/ada/messages")), "ErrorAccessDenied");
}

}  // namespace
}  // namespace tests::microsoft

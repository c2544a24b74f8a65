// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/service.h"
#include "tests/support/microsoft/small_world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace tests::microsoft {
namespace {

class MicrosoftGraph : public testing::Test {
 protected:
  unsigned status(std::string_view target) { return small.get(target).status; }

  Response batch(const std::string& body) {
    return answer(small.world,
                  {.service = Service::kGraph,
                   .method = "POST",
                   .path = "/v1.0/$batch",
                   .query = {},
                   .headers = {{"Authorization", "Bearer " + small.token()},
                               {"Content-Type", "application/json"}},
                   .body = body});
  }

  // The ids of a list over all its pages.
  std::multiset<std::string> list(std::string target, std::size_t most) {
    std::multiset<std::string> ids;
    while (!target.empty()) {
      const json::object body = body_of(small.get(target));
      EXPECT_LE(body.at("value").as_array().size(), most);
      for (const json::value& item : body.at("value").as_array()) {
        ids.emplace(text_of(item.as_object(), "id"));
      }
      target = text_of(body, "@odata.nextLink");
    }
    return ids;
  }

  SmallWorld small{250, 12};
};

TEST_F(MicrosoftGraph, WantsATokenThatIsForItAndStillGood) {
  Request request{.service = Service::kGraph,
                  .method = "GET",
                  .path = "/v1.0/domains",
                  .query = {},
                  .headers = {},
                  .body = {}};
  const auto ask = [&](const std::string& authorization) {
    request.headers = {{"Authorization", authorization}};
    return answer(small.world, request);
  };
  EXPECT_EQ(answer(small.world, request).status, 401U);
  const std::string token = small.token();
  EXPECT_EQ(ask("Bearer " + token).status, 200U);
  std::string forged = token;
  forged[forged.find('.') + 5] ^= 1;
  EXPECT_EQ(code_of(ask("Bearer " + forged)), "InvalidAuthenticationToken");
  std::string form = small.token_form();
  form.replace(form.find("graph.example"), 13, "exchange.example");
  const std::string exchange{text_of(body_of(small.ask_token(form)), "access_token")};
  EXPECT_EQ(ask("Bearer " + exchange).status, 401U);
  small.world.clock.set_offset(std::chrono::hours{2});
  EXPECT_EQ(ask("Bearer " + token).status, 401U);
}

TEST_F(MicrosoftGraph, WantsTheRoleOfTheEndpoint) {
  small.application().graph_roles = {"User.Read.All"};
  EXPECT_EQ(status("/v1.0/users/delta"), 200U);
  EXPECT_EQ(code_of(small.get("/v1.0/groups/delta")), "Authorization_RequestDenied");
  EXPECT_EQ(status("/v1.0/domains"), 403U);
  EXPECT_EQ(status("/v1.0/organization"), 200U);
}

TEST_F(MicrosoftGraph, RefusesWhatTheServiceDoesNotKnow) {
  EXPECT_EQ(status("/v1.0/nowhere"), 404U);
  EXPECT_EQ(status("/beta/users"), 404U);
  EXPECT_EQ(status("/v1.0/users/nobody@contoso.example"), 404U);
  EXPECT_EQ(status("/v1.0/users?$select=id,emailAddress"), 400U);
  EXPECT_EQ(status("/v1.0/users?$select=skills"), 501U);
  EXPECT_EQ(status("/v1.0/users?$top=1000"), 400U);
  EXPECT_EQ(status("/v1.0/users?$expand=memberOf"), 400U);
  EXPECT_EQ(status("/v1.0/users?$filter=endswith(mail,'x')"), 400U);
  EXPECT_EQ(status("/v1.0/users/delta?$top=5"), 400U);
  EXPECT_EQ(status("/v1.0/users/delta?$orderby=id"), 400U);
  EXPECT_EQ(status("/v1.0/groups/delta?$expand=members"), 400U);
  EXPECT_EQ(status("/v1.0/groups/delta?$filter=displayName%20eq%20'x'"), 400U);
  EXPECT_EQ(status("/v1.0/users/delta?$skiptoken=made-up"), 400U);
}

TEST_F(MicrosoftGraph, ListsAllUsersInPages) {
  const auto ids = list("/v1.0/users?$select=id&$top=99", 99);
  EXPECT_EQ(ids.size(), 250U);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 250U);
}

TEST_F(MicrosoftGraph, TellsWhatIsSelectedAndNoMore) {
  const json::object all = body_of(small.get("/v1.0/users?$top=1"));
  const json::object& first = all.at("value").at(0).as_object();
  EXPECT_TRUE(first.contains("surname"));
  EXPECT_FALSE(first.contains("proxyAddresses"));
  const std::string id{text_of(first, "id")};
  const json::object one = body_of(small.get("/v1.0/users/" + id + "?$select=city,proxyAddresses"));
  EXPECT_TRUE(one.at("city").is_null());
  EXPECT_TRUE(one.at("proxyAddresses").is_array());
  EXPECT_FALSE(one.contains("surname"));
}

TEST_F(MicrosoftGraph, FindsGroupsByTheirBeginningAndEverybodyInThem) {
  const json::object found =
      body_of(small.get("/v1.0/groups?$filter=startswith(displayName,'executi')&$select=id"));
  EXPECT_EQ(found.at("value").as_array().size(), 2U);
  const ObjectRef executives = small.group("Executives");
  const std::string id = small.directory().object(executives).id;
  const auto ids = list("/v1.0/groups/" + id + "/transitiveMembers?$select=id&$top=7", 7);
  EXPECT_EQ(ids.size(), small.directory().transitive_members(executives).size());
  const std::string cast =
      "/v1.0/groups/" + id + "/transitiveMembers/microsoft.graph.user?$count=true&$select=id";
  EXPECT_EQ(status(cast), 400U);
  const Response counted = small.get(cast, {{"ConsistencyLevel", "eventual"}});
  EXPECT_EQ(body_of(counted).at("@odata.count").to_number<std::size_t>() + 1, ids.size());
}

TEST_F(MicrosoftGraph, TellsTheMailExchangeOfVerifiedDomainsOnly) {
  const Response records = small.get("/v1.0/domains/contoso.example/serviceConfigurationRecords");
  EXPECT_NE(records.body.find("contoso-example.mail.protection.outlook.com"), std::string::npos);
  EXPECT_EQ(status("/v1.0/domains/pending.example/serviceConfigurationRecords"), 404U);
}

TEST_F(MicrosoftGraph, AnExpiredDeltaLinkLeadsToANewBeginning) {
  small.world.delta.page_size = 1000;
  small.world.delta.empty_pages = 0;
  const json::object body = body_of(small.get("/v1.0/users/delta?$select=displayName,mail"));
  const std::string link{text_of(body, "@odata.deltaLink")};
  EXPECT_EQ(status(link), 200U);
  EXPECT_EQ(status(link + "&$select=displayName,mail"), 200U);
  EXPECT_EQ(status(link + "&$select=displayName"), 400U);
  small.control("POST", "/control/expire_tokens", R"({"answer": "gone"})");
  const Response gone = small.get(link);
  EXPECT_EQ(gone.status, 410U);
  EXPECT_EQ(code_of(gone), "resyncRequired");
  const Response anew = small.get(*find_field(gone.headers, "Location"));
  EXPECT_EQ(body_of(anew).at("value").as_array().size() >= 250U, true);
  EXPECT_FALSE(body_of(anew).at("value").at(0).as_object().contains("surname"));
  small.control("POST", "/control/expire_tokens", R"({"answer": "not_found"})");
  EXPECT_EQ(code_of(small.get(link)), "syncStateNotFound");
}

TEST_F(MicrosoftGraph, DeltaCanBeginWithNowAndBeForSomeIds) {
  const json::object now = body_of(small.get("/v1.0/users/delta?$deltatoken=latest"));
  EXPECT_TRUE(now.at("value").as_array().empty());
  EXPECT_TRUE(now.contains("@odata.deltaLink"));
  const std::string id = small.directory().object({}).id;
  small.world.delta = {.page_size = 1000, .duplicates = 0, .empty_pages = 0};
  const json::object one =
      body_of(small.get("/v1.0/users/delta?$filter=id%20eq%20'" + id + "'%20or%20id%20eq%20'x'"));
  ASSERT_EQ(one.at("value").as_array().size(), 1U);
  EXPECT_EQ(text_of(one.at("value").at(0).as_object(), "id"), id);
}

TEST_F(MicrosoftGraph, AnswersEachPartOfABatch) {
  small.control("POST", "/control/throttle", R"({"next_parts": 1, "retry_after": "0.5"})");
  const json::object body = body_of(batch(
      R"({"requests": [{"id": "a", "method": "GET", "url": "/domains"},
                       {"id": "b", "method": "GET", "url": "/users/nobody?$select=id"},
                       {"id": "c", "method": "GET", "url": "/organization"}]})"));
  std::multiset<std::int64_t> statuses;
  for (const json::value& part : body.at("responses").as_array()) {
    statuses.insert(part.at("status").as_int64());
    if (text_of(part.as_object(), "id") == "a") {
      EXPECT_EQ(part.at("status"), 429);
      EXPECT_EQ(part.at("headers").at("Retry-After"), "0.5");
    }
  }
  EXPECT_EQ(statuses, (std::multiset<std::int64_t>{200, 404, 429}));
}

TEST_F(MicrosoftGraph, RefusesABatchThatIsNone) {
  EXPECT_EQ(batch("[]").status, 400U);
  EXPECT_EQ(batch(R"({"requests": []})").status, 400U);
  EXPECT_EQ(batch(R"({"requests": [{"id": "a", "method": "GET", "url": "/domains"},
                                   {"id": "a", "method": "GET", "url": "/domains"}]})")
                .status,
            400U);
  EXPECT_EQ(batch(R"({"requests": [{"id": "a", "method": "GET",
                                    "url": "https://graph.example/v1.0/domains"}]})")
                .status,
            400U);
  std::string many;
  for (int i = 0; i < 21; ++i) {
    many += (i == 0 ? "" : ",");
    many += R"({"id": ")" + std::to_string(i) + R"(", "method": "GET", "url": "/domains"})";
  }
  EXPECT_EQ(batch(R"({"requests": [)" + many + "]}").status, 400U);
}

}  // namespace
}  // namespace tests::microsoft

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/microsoft/directory.h"
#include "tests/support/microsoft/message.h"
#include "tests/support/microsoft/small_world.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace tests::microsoft {
namespace {

class MicrosoftFaults : public testing::Test {
 protected:
  void SetUp() override { small.world.delta.empty_pages = 0; }

  void fault(const std::string& fields) { small.control("POST", "/control/faults", fields); }

  Response get(std::string_view target = "/v1.0/users/delta?$select=id") {
    return small.get(target);
  }

  SmallWorld small;
};

TEST_F(MicrosoftFaults, BefallSoManyRequestsOfAPath) {
  fault(R"({"kind": "status", "status": 502, "path": "/v1.0/users", "count": 2, "skip": 1})");
  EXPECT_EQ(get("/v1.0/domains").status, 200U);
  EXPECT_EQ(get().status, 200U);
  EXPECT_EQ(get().status, 502U);
  EXPECT_EQ(get().status, 502U);
  EXPECT_EQ(get().status, 200U);
}

TEST_F(MicrosoftFaults, SpoilTheAnswer) {
  fault(R"({"kind": "html", "path": "/v1.0/"})");
  EXPECT_EQ(find_field(get().headers, "Content-Type"), "text/html");
  fault(R"({"kind": "truncated_json", "path": "/v1.0/"})");
  EXPECT_TRUE(body_of(get()).empty());
  fault(R"({"kind": "nul_403", "path": "/v1.0/"})");
  EXPECT_EQ(get().body, std::string(1, '\0'));
  fault(R"({"kind": "reset_in_body", "path": "/v1.0/"})");
  EXPECT_EQ(get().delivery, Delivery::kResetInBody);
  fault(R"({"kind": "slow_body", "path": "/v1.0/"})");
  EXPECT_EQ(get().delivery, Delivery::kSlow);
  EXPECT_EQ(get().delivery, Delivery::kWhole);
}

TEST_F(MicrosoftFaults, AnswerWellWithSomethingElse) {
  fault(R"({"kind": "error_body", "path": "/v1.0/"})");
  const Response failed = get();
  EXPECT_EQ(failed.status, 200U);
  EXPECT_TRUE(body_of(failed).contains("error"));
  fault(R"({"kind": "no_items", "path": "/v1.0/"})");
  EXPECT_TRUE(body_of(get()).at("value").as_array().empty());
  fault(R"({"kind": "wrong_type", "path": "/v1.0/"})");
  const Response text = get();
  EXPECT_EQ(find_field(text.headers, "Content-Type"), "text/plain");
  EXPECT_FALSE(body_of(text).at("value").as_array().empty());
}

TEST_F(MicrosoftFaults, LeadToTheSamePage) {
  fault(R"({"kind": "link_loop", "path": "/v1.0/"})");
  const json::object page = body_of(get());
  EXPECT_TRUE(text_of(page, "@odata.nextLink").ends_with("/v1.0/users/delta?$select=id"));
  EXPECT_FALSE(page.contains("@odata.deltaLink"));
}

TEST_F(MicrosoftFaults, LeadToAnotherHost) {
  fault(R"({"kind": "foreign_link", "path": "/v1.0/"})");
  const json::object page = body_of(get());
  EXPECT_TRUE(text_of(page, "@odata.nextLink").starts_with("https://exchange.example/"));
  EXPECT_FALSE(page.contains("@odata.deltaLink"));
  fault(R"({"kind": "redirect", "path": "/v1.0/", "host": "https://evil.example"})");
  const Response redirect = get();
  EXPECT_EQ(redirect.status, 302U);
  EXPECT_TRUE(find_field(redirect.headers, "Location")->starts_with("https://evil.example/"));
}

TEST_F(MicrosoftFaults, AreClearedByOneCall) {
  fault(R"({"kind": "html", "path": "/v1.0/", "count": 100})");
  small.control("POST", "/control/throttle", R"({"every": 1})");
  small.control("DELETE", "/control/faults");
  EXPECT_EQ(get().status, 200U);
}

TEST_F(MicrosoftFaults, ThrottlingRefusesEachSoManieth) {
  small.control("POST", "/control/throttle", R"({"every": 3, "retry_after": "0.25"})");
  EXPECT_EQ(get().status, 200U);
  EXPECT_EQ(get().status, 200U);
  const Response third = get();
  EXPECT_EQ(third.status, 429U);
  EXPECT_EQ(code_of(third), "TooManyRequests");
  EXPECT_EQ(find_field(third.headers, "Retry-After"), "0.25");
  small.control("POST", "/control/throttle", R"({"next": 1, "status": 503, "retry_after": null})");
  const Response refused = get();
  EXPECT_EQ(refused.status, 503U);
  EXPECT_EQ(find_field(refused.headers, "Retry-After"), std::nullopt);
  EXPECT_EQ(get().status, 200U);
}

TEST_F(MicrosoftFaults, RequestsAreCounted) {
  static_cast<void>(get());
  static_cast<void>(get("/v1.0/users/somebody"));
  const json::object counters = small.control("GET", "/control/counters");
  EXPECT_EQ(counters.at("requests").at("graph GET /v1.0/users/delta"), 1);
  EXPECT_EQ(counters.at("requests").at("graph GET /v1.0/users/{}"), 1);
  EXPECT_EQ(counters.at("requests").at("login POST /{}/oauth2/v2.0/token"), 1);
  EXPECT_EQ(counters.at("last").as_array().size(), 3U);
}

}  // namespace
}  // namespace tests::microsoft

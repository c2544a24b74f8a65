// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/principal.h"
#include "directory/api/api.h"
#include "directory/clock.h"
#include "directory/detections/detections.h"
#include "directory/http/server.h"
#include "directory/store/records.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "tests/directory/api/api_fixture.h"
#include "tests/directory/detections/written_detections.h"
#include "tests/support/run_task.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;

class DetectionsApiTest : public tests::ApiTest {
 protected:
  DetectionsApiTest() {
    api_ = make_socket_handler(services());
    std::vector<policy::DetectionRecord> written;
    written.reserve(3);
    for (std::int64_t i = 0; i < 3; ++i) {
      written.push_back(tests::detection_at(kNow + i));
    }
    written[1].person = "Grace \xe2\x80\xae<b>\"";
    tests::write_detections(folder_.path() / "kept", written);
    EXPECT_TRUE(detections_.catch_up().has_value());
  }

  ApiServices services() {
    ApiServices all = ApiTest::services();
    all.detections = &detections_;
    return all;
  }

  static std::string id_at(std::int64_t seconds) {
    return policy::Ulid::first_of(seconds * 1000).text();
  }

  Detections detections_{folder_.path() / "kept", folder_.path() / "own"};
};

TEST_F(DetectionsApiTest, AreListedPageByPage) {
  const auto first = call("GET", "detections?limit=2").json;
  EXPECT_TRUE(first.at("configured").as_bool());
  EXPECT_EQ(first.at("detections").as_array().size(), 2U);
  EXPECT_EQ(first.at("detections").at(0).at("id").as_string(), id_at(kNow + 2));
  EXPECT_EQ(first.at("detections").at(1).at("person").as_string(), "Grace \xe2\x80\xae<b>\"");
  EXPECT_EQ(first.at("newest").as_string(), id_at(kNow + 2));
  EXPECT_EQ(first.at("damaged").as_int64(), 0);
  const std::string next{first.at("next").as_string()};
  const auto second = call("GET", "detections?limit=2&before=" + next).json;
  EXPECT_EQ(second.at("detections").as_array().size(), 1U);
  EXPECT_TRUE(second.at("next").is_null());
}

TEST_F(DetectionsApiTest, AreNarrowedByTheQuery) {
  EXPECT_EQ(call("GET", "detections?person=grace").json.at("detections").as_array().size(), 1U);
  EXPECT_EQ(call("GET", "detections?organization=fabrikam").json.at("detections").as_array().size(),
            0U);
  const std::string times = "detections?since=" + std::to_string(kNow + 1) +
                            "&until=" + std::to_string(kNow + 2) + "&match=exact&text=lovelace";
  EXPECT_EQ(call("GET", times).json.at("detections").as_array().size(), 1U);
  EXPECT_EQ(
      call("GET", "detections?after=" + id_at(kNow + 1)).json.at("detections").as_array().size(),
      1U);
}

TEST_F(DetectionsApiTest, AWrongQueryIsRefused) {
  for (const char* query : {"before=1", "after=x", "since=yesterday", "limit=0", "colour=red"}) {
    EXPECT_EQ(call("GET", std::string{"detections?"} + query).status, 400U) << query;
  }
}

TEST_F(DetectionsApiTest, OneIsShownByItsId) {
  const auto shown = call("GET", "detections/" + id_at(kNow));
  EXPECT_EQ(shown.status, 200U);
  EXPECT_EQ(shown.json.at("reason").as_string(),
            "Protected Name Ada Lovelace should not appear as ada@freemail.example");
  EXPECT_EQ(call("GET", "detections/" + id_at(kNow + 9)).status, 404U);
  EXPECT_EQ(call("GET", "detections/none").status, 404U);
}

TEST_F(DetectionsApiTest, AreCountedByDay) {
  const std::int64_t now = now_in_seconds();
  std::vector<policy::DetectionRecord> fresh{tests::detection_at(now - 86400),
                                             tests::detection_at(now)};
  fresh[0].mode = "monitor";
  fresh[1].organization = "fabrikam";
  tests::write_detections(folder_.path() / "kept", fresh);
  ASSERT_TRUE(detections_.catch_up().has_value());
  const auto counted = call("GET", "statistics/detections?days=2").json;
  EXPECT_TRUE(counted.at("configured").as_bool());
  EXPECT_FALSE(counted.at("complete").as_bool());
  ASSERT_EQ(counted.at("days").as_array().size(), 2U);
  EXPECT_EQ(counted.at("days").at(0).at("total").as_int64(), 1);
  EXPECT_EQ(counted.at("days").at(0).at("findings").at("protected_name").as_int64(), 1);
  EXPECT_EQ(counted.at("days").at(1).at("dispositions").at("spoof").as_int64(), 1);
  const auto narrowed =
      call("GET", "statistics/detections?mode=enforce&organization=fabrikam").json.at("days");
  EXPECT_EQ(narrowed.as_array().size(), 30U);
  EXPECT_EQ(narrowed.at(28).at("total").as_int64(), 0);
  EXPECT_EQ(narrowed.at(29).at("total").as_int64(), 1);
  ASSERT_TRUE(detections_.take_older(now).has_value());
  EXPECT_TRUE(call("GET", "statistics/detections").json.at("complete").as_bool());
  for (const char* query : {"days=0", "days=91", "days=x", "colour=red"}) {
    EXPECT_EQ(call("GET", std::string{"statistics/detections?"} + query).status, 400U) << query;
  }
}

TEST_F(DetectionsApiTest, CountsAndStatusAreOfTheOrganizationsThatMayBeSeen) {
  const std::int64_t now = now_in_seconds();
  tests::write_detections(folder_.path() / "kept", {tests::detection_at(now)});
  ASSERT_TRUE(detections_.catch_up().has_value());
  const ApiEntrance entrance = make_api_entrance(services());
  const auto asked_by = [&](const char* organization, const char* path) {
    Caller caller;
    caller.principal.means = Principal::Means::kToken;
    caller.principal.organizations = {{organization}};
    ServedRequest request;
    request.method = "GET";
    request.path = std::string{"/api/v1/"} + path;
    return boost::json::parse(
        tests::run_task(io_, entrance(std::move(request), std::move(caller))).body);
  };
  const auto total = [&](const char* organization) {
    return asked_by(organization, "statistics/detections").at("days").at(29).at("total").as_int64();
  };
  EXPECT_EQ(total("contoso"), 1);
  EXPECT_EQ(total("fabrikam"), 0);
  const auto newest = [&](const char* organization) {
    return asked_by(organization, "status").at("gateway").at("newest_detection").as_int64();
  };
  EXPECT_EQ(newest("contoso"), now);
  EXPECT_EQ(newest("fabrikam"), 0);
}

using tests::ApiTest;

TEST_F(ApiTest, DetectionsThatAreNotReadAreNone) {
  const auto none = call("GET", "detections");
  EXPECT_EQ(none.status, 200U);
  EXPECT_FALSE(none.json.at("configured").as_bool());
  EXPECT_TRUE(none.json.at("detections").as_array().empty());
  EXPECT_TRUE(none.json.at("next").is_null());
  EXPECT_EQ(call("GET", "detections/01ARYZ6S410000000000000000").status, 404U);
  const auto counted = call("GET", "statistics/detections").json;
  EXPECT_FALSE(counted.at("configured").as_bool());
  EXPECT_EQ(counted.at("days").as_array().size(), 30U);
}

TEST_F(DetectionsApiTest, StatisticsRankPeopleAndSenders) {
  const std::int64_t now = now_in_seconds();
  tests::write_detections(folder_.path() / "kept",
                          {tests::detection_at(now - 2), tests::detection_at(now - 1)});
  ASSERT_TRUE(detections_.catch_up().has_value());
  const auto answer = call("GET", "statistics/detections?days=2").json;
  const auto& people = answer.at("people").at("names").as_array();
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people[0].at("organization").as_string(), "contoso");
  EXPECT_EQ(people[0].at("person").as_string(), "Ada Lovelace");
  EXPECT_EQ(people[0].at("total").to_number<int>(), 2);
  EXPECT_EQ(answer.at("senders").at("names").at(0).at("address").as_string(),
            "ada@freemail.example");
  EXPECT_EQ(answer.at("senders").at("uncounted").to_number<int>(), 0);
  const auto none = call("GET", "statistics/detections?organization=fabrikam").json;
  EXPECT_TRUE(none.at("people").at("names").as_array().empty());
}

TEST_F(DetectionsApiTest, SuggestAddressesThatKeepPassing) {
  constexpr std::int64_t kDay = 86'400;
  const std::int64_t now = now_in_seconds();
  std::vector<policy::DetectionRecord> written;
  for (std::int64_t day = 3; day > 0; --day) {
    for (const char* person : {"Ada Lovelace", "Grace Hopper", "Alan Turing"}) {
      auto record =
          tests::detection_at(now - (day * kDay) + static_cast<std::int64_t>(written.size()));
      record.authenticated = "pass";
      record.person = person;
      record.address = "notify@Bookings.example";
      written.push_back(record);
    }
    auto own = tests::detection_at(now - (day * kDay) + static_cast<std::int64_t>(written.size()));
    own.authenticated = "pass";
    written.push_back(own);
  }
  tests::write_detections(folder_.path() / "kept", written);
  ASSERT_TRUE(detections_.catch_up().has_value());
  const auto list = call("GET", "suggestions").json.at("suggestions").as_array();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].at("kind").as_string(), "service");
  EXPECT_EQ(list[0].at("address").as_string(), "notify@bookings.example");
  EXPECT_EQ(list[0].at("people").as_array().size(), 3U);
  const std::string exception{list[0].at("yaml").at("exception").as_string()};
  EXPECT_TRUE(exception.contains("authenticated: true"));
  EXPECT_EQ(list[1].at("kind").as_string(), "secondary_email");
  EXPECT_EQ(list[1].at("address").as_string(), "ada@freemail.example");
  EXPECT_EQ(list[1].at("times").to_number<int>(), 3);

  // One that was taken as a secondary email is none any more.
  const AddedSecondaryEmails emails{.organization = "contoso",
                                    .directory = "people",
                                    .id = "1",
                                    .email = "ada@contoso.com",
                                    .addresses = {"ada@freemail.example"}};
  ASSERT_TRUE(records_.put_secondary_emails(emails, {.name = "root"}).has_value());
  EXPECT_EQ(call("GET", "suggestions").json.at("suggestions").as_array().size(), 1U);
  EXPECT_TRUE(
      call("GET", "suggestions?organization=fabrikam").json.at("suggestions").as_array().empty());
  // Nor is one that somebody has found to be a forger's.
  const std::string forged = written.front().id.text();
  EXPECT_EQ(call("PUT", "detections/" + forged + "/mark", R"({"verdict": "right"})").status, 200U);
  EXPECT_TRUE(call("GET", "suggestions").json.at("suggestions").as_array().empty());
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/principal.h"
#include "directory/api/api.h"
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

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;

class DetectionMarksApiTest : public tests::ApiTest {
 protected:
  DetectionMarksApiTest() {
    api_ = make_socket_handler(services());
    write(3);
  }

  ApiServices services() {
    ApiServices all = ApiTest::services();
    all.detections = &detections_;
    return all;
  }

  void write(std::int64_t number) {
    std::vector<policy::DetectionRecord> written;
    for (std::int64_t i = 0; i < number; ++i) {
      written.push_back(tests::detection_at(kNow + i));
    }
    tests::write_detections(folder_.path() / "kept", written);
    EXPECT_TRUE(detections_.catch_up().has_value());
  }

  static std::string at(std::int64_t seconds) {
    return "detections/" + policy::Ulid::first_of(seconds * 1000).text();
  }

  // What somebody of another organization is answered.
  unsigned stranger(std::string method, const std::string& target, std::string body = "") {
    Caller caller;
    caller.principal = {.means = Principal::Means::kToken,
                        .name = "eve",
                        .role = Role::kAdmin,
                        .organizations = {{"fabrikam"}},
                        .account = {},
                        .session = {}};
    ServedRequest request;
    request.method = std::move(method);
    request.path = "/api/v1/" + target;
    request.body = std::move(body);
    const auto entrance = make_api_entrance(services());
    return tests::run_task(io_, entrance(std::move(request), std::move(caller))).status;
  }

  Detections detections_{folder_.path() / "kept", folder_.path() / "own"};
};

TEST_F(DetectionMarksApiTest, AMarkIsShownWithItsDetectionAndAudited) {
  EXPECT_TRUE(call("GET", at(kNow)).json.at("mark").is_null());
  const auto put = call("PUT", at(kNow) + "/mark", R"({"verdict":"wrong","note":"it was Ada"})");
  ASSERT_EQ(put.status, 200U) << put.detail();
  EXPECT_EQ(put.json.at("verdict").as_string(), "wrong");
  const auto shown = call("GET", at(kNow)).json;
  EXPECT_EQ(shown.at("mark"), put.json);
  EXPECT_EQ(shown.at("mark").at("note").as_string(), "it was Ada");
  EXPECT_EQ(shown.at("mark").at("who").as_string(), "root");
  EXPECT_EQ(call("GET", "detections?limit=1").json.at("detections").at(0).at("mark"),
            boost::json::value(nullptr));
  EXPECT_EQ(call("PUT", at(kNow) + "/mark", R"({"verdict":"right"})").status, 200U);
  EXPECT_EQ(call("DELETE", at(kNow) + "/mark").status, 200U);
  EXPECT_EQ(call("DELETE", at(kNow) + "/mark").status, 404U);
  const auto audit = records_.audit_log(3, 0).value();
  ASSERT_EQ(audit.size(), 3U);
  EXPECT_EQ(audit[0].action, "detection.unmark");
  EXPECT_EQ(audit[1].before, "wrong: it was Ada");
  EXPECT_EQ(audit[1].after, "right");
  EXPECT_EQ(audit[2].organization, "contoso");
}

TEST_F(DetectionMarksApiTest, AMarkOutlivesTheGatewaysRecord) {
  ASSERT_EQ(call("PUT", at(kNow) + "/mark", R"({"verdict":"right"})").status, 200U);
  std::filesystem::remove_all(folder_.path() / "kept");
  tests::write_detections(folder_.path() / "kept", {tests::detection_at(kNow + 100)});
  ASSERT_TRUE(detections_.catch_up().has_value());
  EXPECT_EQ(call("GET", at(kNow)).status, 404U);
  const auto marks = call("GET", "detections/marks").json;
  EXPECT_EQ(marks.at("detections").at(0).at("person").as_string(), "Ada Lovelace");
  EXPECT_EQ(call("PUT", at(kNow) + "/mark", R"({"verdict":"wrong"})").status, 200U);
}

TEST_F(DetectionMarksApiTest, AreListedPageByPageAndNarrowed) {
  for (std::int64_t i = 0; i < 3; ++i) {
    const std::string verdict = i == 1 ? R"({"verdict":"wrong"})" : R"({"verdict":"right"})";
    ASSERT_EQ(call("PUT", at(kNow + i) + "/mark", verdict).status, 200U);
  }
  const auto first = call("GET", "detections/marks?limit=2").json;
  ASSERT_EQ(first.at("detections").as_array().size(), 2U);
  EXPECT_EQ(first.at("detections").at(0).at("time").as_int64(), kNow + 2);
  const std::string next{first.at("next").as_string()};
  const auto second = call("GET", "detections/marks?limit=2&before=" + next).json;
  EXPECT_EQ(second.at("detections").as_array().size(), 1U);
  EXPECT_TRUE(second.at("next").is_null());
  const auto wrong = call("GET", "detections/marks?verdict=wrong").json;
  ASSERT_EQ(wrong.at("detections").as_array().size(), 1U);
  EXPECT_EQ(wrong.at("detections").at(0).at("time").as_int64(), kNow + 1);
  EXPECT_EQ(
      call("GET", "detections/marks?organization=fabrikam").json.at("detections").as_array().size(),
      0U);
  EXPECT_EQ(call("GET", "detections/marks?verdict=maybe").status, 400U);
}

TEST_F(DetectionMarksApiTest, WhatIsWrongIsRefused) {
  EXPECT_EQ(call("PUT", at(kNow) + "/mark", R"({"verdict":"perhaps"})").status, 400U);
  EXPECT_EQ(call("PUT", at(kNow) + "/mark", R"({"note":"x"})").status, 400U);
  EXPECT_EQ(call("PUT", at(kNow) + "/mark", R"({"verdict":"right","colour":"red"})").status, 400U);
  EXPECT_EQ(call("PUT", at(kNow + 9) + "/mark", R"({"verdict":"right"})").status, 404U);
  EXPECT_EQ(call("PUT", "detections/x/mark", R"({"verdict":"right"})").status, 404U);
}

TEST_F(DetectionMarksApiTest, OtherOrganizationsSeeAndChangeNothing) {
  ASSERT_EQ(call("PUT", at(kNow) + "/mark", R"({"verdict":"right"})").status, 200U);
  EXPECT_EQ(stranger("PUT", at(kNow) + "/mark", R"({"verdict":"wrong"})"), 404U);
  EXPECT_EQ(stranger("PUT", at(kNow + 1) + "/mark", R"({"verdict":"wrong"})"), 404U);
  EXPECT_EQ(stranger("DELETE", at(kNow) + "/mark"), 404U);
  EXPECT_EQ(call("GET", at(kNow)).json.at("mark").at("verdict").as_string(), "right");
}

TEST_F(DetectionMarksApiTest, TheExportStreamsARowForEach) {
  constexpr std::int64_t kMany = 450;
  write(kMany);
  for (std::int64_t i = 0; i < kMany; ++i) {
    ASSERT_EQ(call("PUT", at(kNow + i) + "/mark", R"({"verdict":"right"})").status, 200U);
  }
  ServedRequest request;
  request.method = "GET";
  request.path = "/api/v1/detections/marks/export";
  const auto entrance = make_api_entrance(services());
  Caller caller;
  caller.principal.means = Principal::Means::kSocket;
  caller.principal.role = Role::kViewer;
  const auto served = tests::run_task(io_, entrance(std::move(request), std::move(caller)));
  ASSERT_EQ(served.status, 200U);
  std::string rows = served.body;
  while (true) {
    const auto piece = tests::run_task(io_, served.stream->next());
    if (!piece.has_value()) {
      break;
    }
    rows += *piece;
  }
  std::int64_t count = 0;
  std::size_t begin = 0;
  while (begin < rows.size()) {
    const std::size_t end = rows.find('\n', begin);
    const auto row = boost::json::parse(rows.substr(begin, end - begin));
    EXPECT_EQ(row.at("expected").at("finding").as_string(), "protected_name");
    begin = end + 1;
    ++count;
  }
  EXPECT_EQ(count, kMany);
}

}  // namespace
}  // namespace directory

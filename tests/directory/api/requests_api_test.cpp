// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/accounts/principal.h"
#include "directory/api/events.h"
#include "directory/api/routes.h"
#include "directory/http/client.h"
#include "directory/http/server.h"
#include "directory/jobs/jobs.h"
#include "directory/store/records.h"
#include "policy/result.h"
#include "tests/directory/api/api_fixture.h"
#include "tests/support/run_task.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <cctype>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace directory {
namespace {

using tests::ApiTest;
using tests::ask;

ServedRequest request_of(std::string method, std::string path, std::string body = {}) {
  ServedRequest request;
  request.method = std::move(method);
  request.path = "/api/v1/" + std::move(path);
  request.body = std::move(body);
  request.peer = PeerCredentials{};
  return request;
}

std::string header_of(const ServedResponse& response, std::string_view name) {
  return std::string{find_header(response.headers, name).value_or("")};
}

constexpr const char* kEmails = "people/contoso/Staff/eve/secondary-emails";

TEST_F(ApiTest, TagsWhatItShowsAndLeavesOutWhatTheClientHas) {
  ServedRequest request = request_of("GET", kEmails);
  const auto first = ask(api_, request);
  const std::string tag = header_of(first, "etag");
  EXPECT_FALSE(tag.empty());
  request.headers = {{"If-None-Match", "\"other\", " + tag}};
  const auto second = ask(api_, request);
  EXPECT_EQ(second.status, 304U);
  EXPECT_TRUE(second.body.empty());
  request.headers = {{"If-None-Match", "\"other\""}};
  EXPECT_EQ(ask(api_, request).status, 200U);
}

TEST_F(ApiTest, AFaultOfTheDaemonIsToldAsSuch) {
  control_.fails = true;
  const auto answer = ask(api_, request_of("GET", "directories"));
  EXPECT_EQ(answer.status, 500U);
  EXPECT_EQ(header_of(answer, "content-type"), "application/problem+json");
  EXPECT_EQ(answer.body.find("a fault"), std::string::npos);
  control_.fails = false;
  EXPECT_EQ(ask(api_, request_of("GET", "directories")).status, 200U);
}

TEST_F(ApiTest, HeadGetsWhatGetGets) {
  const auto shown = ask(api_, request_of("GET", kEmails));
  const auto head = ask(api_, request_of("HEAD", kEmails));
  EXPECT_EQ(head.status, 200U);
  EXPECT_EQ(header_of(head, "etag"), header_of(shown, "etag"));
  EXPECT_EQ(ask(api_, request_of("HEAD", "session/password")).status,
            ask(api_, request_of("GET", "session/password")).status);
}

TEST_F(ApiTest, NobodysChangeIsLost) {
  const std::string tag = header_of(ask(api_, request_of("GET", kEmails)), "etag");
  ServedRequest mine = request_of("PUT", kEmails, R"({"addresses":["eve@one.example"]})");
  mine.headers = {{"If-Match", tag}};
  EXPECT_EQ(ask(api_, mine).status, 200U);
  ServedRequest late = request_of("PUT", kEmails, R"({"addresses":["eve@two.example"]})");
  late.headers = {{"If-Match", tag}};
  const auto refused = ask(api_, late);
  EXPECT_EQ(refused.status, 412U);
  EXPECT_NE(refused.body.find("\"changed\""), std::string::npos);
  EXPECT_NE(ask(api_, request_of("GET", kEmails)).body.find("eve@one.example"), std::string::npos);
}

TEST_F(ApiTest, AJobIsBegunOnceForOneIdempotencyKey) {
  ServedRequest begin = request_of("POST", "directories/contoso/Staff/sync", R"({"full":true})");
  begin.headers = {{"Idempotency-Key", "one"}};
  const auto first = ask(api_, begin);
  EXPECT_EQ(first.status, 202U);
  const auto again = ask(api_, begin);
  EXPECT_EQ(again.status, 202U);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(header_of(again, "location"), "/api/v1/jobs/1");
  EXPECT_EQ(jobs_.list().size(), 1U);

  begin.body = R"({"full":false})";
  EXPECT_EQ(ask(api_, begin).status, 422U);
  begin.headers = {{"Idempotency-Key", "two words"}};
  EXPECT_EQ(ask(api_, begin).status, 400U);
}

TEST_F(ApiTest, AJobCanBeCancelledOnce) {
  static_cast<void>(call("POST", "directories/contoso/Staff/sync"));
  EXPECT_EQ(call("POST", "jobs/1/cancel").status, 202U);
  EXPECT_TRUE(jobs_.is_cancelling(1));
  EXPECT_TRUE(call("GET", "jobs/1").json.at("cancelling").as_bool());
  EXPECT_EQ(records_.audit_log(1, 0).value().at(0).action, "job.cancel");
  jobs_.end(1, policy::fail(policy::ErrorCode::kUnavailable, "cancelled"), 5);
  EXPECT_EQ(call("GET", "jobs/1").json.at("state").as_string(), "cancelled");
  EXPECT_EQ(call("POST", "jobs/1/cancel").status, 409U);
  EXPECT_EQ(call("POST", "jobs/2/cancel").status, 404U);
}

TEST_F(ApiTest, ANotificationCanBeSeenTo) {
  Notification notification;
  notification.what = "sync_failed";
  notification.level = NotificationLevel::kWarning;
  notification.organization = "contoso";
  ASSERT_TRUE(records_.notify(notification).has_value());
  EXPECT_TRUE(call("POST", "notifications/1/resolve").json.at("resolved").as_bool());
  EXPECT_EQ(call("GET", "status").json.at("open_notifications").to_number<int>(), 0);
  EXPECT_EQ(records_.audit_log(1, 0).value().at(0).organization, "contoso");
  EXPECT_EQ(call("POST", "notifications/7/resolve").status, 404U);
  EXPECT_EQ(call("POST", "notifications/x/resolve").status, 404U);
}

TEST_F(ApiTest, ASecretThatComesAsTextIsKeptAsideAndNeverShown) {
  const std::string secret = "s3cr3t-of-contoso";
  const auto added =
      call("POST",
           "directories",
           R"({"name":"New","type":"office365","tenant":"t.example","client_id":"c",)"
           R"("credential":{"secret_value":")" +
               secret + R"("}})");
  ASSERT_EQ(added.status, 201U);
  const auto folder = settings_.state / "secrets";
  ASSERT_TRUE(std::filesystem::is_directory(folder));
  const auto file = std::filesystem::directory_iterator {
    folder
  } -> path();
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(std::filesystem::status(folder).permissions(), std::filesystem::perms::owner_all);
  for (const char* path : {"directories", "export", "audit"}) {
    EXPECT_EQ(ask(api_, request_of("GET", path)).body.find(secret), std::string::npos) << path;
  }
  EXPECT_EQ(call("DELETE", "directories/contoso/New").status, 200U);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(ApiTest, ASecretOfARefusedDirectoryIsNotKept) {
  EXPECT_EQ(call("POST",
                 "directories",
                 R"({"name":"New","type":"office365","credential":{"secret_value":"x"}})")
                .status,
            422U);
  EXPECT_FALSE(std::filesystem::exists(settings_.state / "secrets"));
}

// What has come in a stream so far: pieces are asked for as long as some are ready.
std::string next_of(boost::asio::io_context& io, BodyStream& stream) {
  const std::optional<std::string> piece = tests::run_task(io, stream.next());
  return piece.value_or("the end");
}

TEST_F(ApiTest, EventsTellOfJobsAndNotificationsOfTheOrganizationsThatMayBeSeen) {
  publish_changes(jobs_, records_, events_);
  const auto all = events_.watch(std::nullopt, [] { return true; });
  const auto other = events_.watch(OrganizationScope{{"fabrikam"}}, [] { return true; });
  EXPECT_EQ(next_of(io_, *all), "retry: 3000\n\n");
  EXPECT_EQ(next_of(io_, *other), "retry: 3000\n\n");
  static_cast<void>(call("POST", "directories/contoso/Staff/sync"));
  Notification notification;
  notification.what = "x";
  notification.organization = "fabrikam";
  notification.text = "line\r\ndata: forged";
  ASSERT_TRUE(records_.notify(notification).has_value());

  const std::string told = next_of(io_, *all);
  EXPECT_EQ(told.find("event: job\ndata: {\"id\":1,"), 0U);
  EXPECT_NE(told.find("\n\nevent: notification\ndata: {"), std::string::npos);
  EXPECT_EQ(told.find("\ndata: forged"), std::string::npos);
  EXPECT_EQ(next_of(io_, *other).find("event: notification\n"), 0U);
}

TEST_F(ApiTest, ALaterStateOfAJobTakesThePlaceOfAnUnsentOne) {
  publish_changes(jobs_, records_, events_);
  const auto watcher = events_.watch(std::nullopt, [] { return true; });
  static_cast<void>(next_of(io_, *watcher));
  static_cast<void>(call("POST", "directories/contoso/Staff/sync"));
  jobs_.end(1, std::string{"all read"}, 5);
  const std::string told = next_of(io_, *watcher);
  EXPECT_NE(told.find("all read"), std::string::npos);
  EXPECT_EQ(told.find("running"), std::string::npos);
}

TEST_F(ApiTest, WhoIsTooFarBehindOrNotWelcomeAnyMoreIsCutOff) {
  bool is_welcome = true;
  const auto slow = events_.watch(std::nullopt, [] { return true; });
  const auto gone = events_.watch(std::nullopt, [&] { return is_welcome; });
  static_cast<void>(next_of(io_, *slow));
  static_cast<void>(next_of(io_, *gone));
  is_welcome = false;
  for (std::size_t i = 0; i <= EventHub::kMostWaiting; ++i) {
    events_.publish({.name = "job", .key = std::to_string(i), .json = "{}", .organization = ""});
  }
  EXPECT_EQ(next_of(io_, *slow), "the end");
  EXPECT_EQ(next_of(io_, *gone), "the end");
}

// `/people/{organization}` as `/people/{}`.
std::string without_names(std::string path) {
  for (std::size_t open = path.find('{'); open != std::string::npos;
       open = path.find('{', open + 1)) {
    path.erase(open + 1, path.find('}', open) - open - 1);
  }
  return path;
}

// `get /people/{}/{}/{} viewer` for each operation of the description.
std::set<std::string> described_operations(const std::string& yaml) {
  std::set<std::string> operations;
  std::istringstream lines{yaml};
  std::string path;
  std::string method;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  /")) {
      path = without_names(line.substr(2, line.size() - 3));
    } else if (line.starts_with("    ") && !line.starts_with("     ") && line.ends_with(':')) {
      method = line.substr(4, line.size() - 5);
    } else if (line.starts_with("      x-role: ")) {
      operations.insert(method + ' ' + path + ' ' + line.substr(14));
    }
  }
  return operations;
}

std::string role_word(Access access) {
  return access == Access::kAnyone ? "anyone" : std::string{word_of(needed_role(access))};
}

TEST_F(ApiTest, TheDescriptionHasEveryOperationWithItsRole) {
  std::set<std::string> served;
  for (const Route& route : api_routes()) {
    std::string method{route.method};
    for (char& letter : method) {
      letter = static_cast<char>(std::tolower(letter));
    }
    served.insert(method + " /" + std::string{route.path} + ' ' + role_word(route.access));
  }
  EXPECT_EQ(described_operations(ask(api_, request_of("GET", "openapi.yaml")).body), served);
}

TEST_F(ApiTest, ServesItsOwnDescription) {
  const auto description = ask(api_, request_of("GET", "openapi.yaml"));
  EXPECT_EQ(header_of(description, "content-type"), "application/yaml");
  EXPECT_NE(description.body.find("openapi: 3.1.0"), std::string::npos);
}

}  // namespace
}  // namespace directory

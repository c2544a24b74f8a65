// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/notifier.h"

#include "directory/notify/backlog.h"
#include "directory/notify/notify_control.h"
#include "directory/notify/signature.h"
#include "directory/notify/webhook_sink.h"
#include "directory/notify_settings.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/event.h"
#include "tests/support/run_task.h"
#include "tests/support/scripted_http_server.h"
#include "tests/support/temporary_folder.h"

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace directory {
namespace {

using std::chrono::milliseconds;
using tests::answer;

constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

class NotifierTest : public ::testing::Test {
 protected:
  NotifierTest()
      : database_(StateDatabase::open(folder_.path() / "state").value()), records_(*database_) {
    tests::write_file(folder_.path() / "secret", kSecret);
    std::filesystem::permissions(folder_.path() / "secret", std::filesystem::perms{0600});
  }

  ~NotifierTest() override { stop(); }

  NotifierTest(const NotifierTest&) = delete;
  NotifierTest& operator=(const NotifierTest&) = delete;
  NotifierTest(NotifierTest&&) = delete;
  NotifierTest& operator=(NotifierTest&&) = delete;

  void add_webhook(const std::string& name, const tests::ScriptedHttpServer& server) {
    WebhookSettings webhook;
    webhook.name = name;
    webhook.url = server.origin() + "/hook";
    webhook.secret = folder_.path() / "secret";
    settings_.webhooks.push_back(webhook);
  }

  void start() {
    io_ = std::make_unique<boost::asio::io_context>(1);
    Notifier::Parts parts;
    parts.settings = &settings_;
    parts.database = database_.get();
    parts.records = &records_;
    parts.log = &log_;
    parts.look = milliseconds{1};
    parts.retry_first = milliseconds{1};
    parts.retry_longest = milliseconds{1};
    parts.slowly = milliseconds{1};
    notifier_ = Notifier::open(io_->get_executor(), parts).value();
    notifier_->start(io_->get_executor());
  }

  void stop() {
    notifier_.reset();
    io_.reset();
  }

  void run_until(const std::function<bool()>& is_done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!is_done() && std::chrono::steady_clock::now() < end) {
      io_->run_one_for(milliseconds{50});
    }
    ASSERT_TRUE(is_done());
  }

  void notify(const std::string& text) {
    Notification told;
    told.level = NotificationLevel::kInfo;
    told.what = "protected";
    told.text = text;
    told.first = 1'700'000'000;
    told.last = told.first;
    ASSERT_TRUE(records_.notify(told).has_value());
  }

  SinkStanding standing(std::size_t place = 0) { return notifier_->standings().value().at(place); }

  static std::string text_in(const tests::RecordedRequest& request) {
    return std::string{boost::json::parse(request.body).at("data").at("text").as_string()};
  }

  // The notifications that say that a sink fails, unresolved ones alone.
  std::vector<Notification> failing() {
    return records_
        .notifications(100,
                       0,
                       [](const Notification& each) {
                         return each.what.starts_with("sink_") && !each.is_resolved;
                       })
        .value();
  }

  tests::TemporaryFolder folder_;
  std::unique_ptr<StateDatabase> database_;
  Records records_;
  policy::EventLog log_{policy::LogLevel::kError, policy::LogFormat::kText};
  NotifySettings settings_;
  std::unique_ptr<boost::asio::io_context> io_;
  std::unique_ptr<Notifier> notifier_;
};

TEST_F(NotifierTest, WhatIsRefusedIsSentAgainUnderItsIdAndSigned) {
  const tests::ScriptedHttpServer server{
      {answer(503, "", "Retry-After: 0\r\n"), answer(500, ""), answer(204, "")}};
  add_webhook("soc", server);
  start();
  notify("It works.");
  run_until([&] { return standing().delivered == 1; });
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  for (const auto& each : requests) {
    EXPECT_EQ(each.method, "POST");
    EXPECT_EQ(each.target, "/hook");
    EXPECT_EQ(each.header("webhook-id"), requests[0].header("webhook-id"));
    EXPECT_EQ(each.header("webhook-signature"),
              webhook_signature(webhook_key(kSecret).value(),
                                each.header("webhook-id"),
                                std::stoll(each.header("webhook-timestamp")),
                                each.body));
    EXPECT_EQ(text_in(each), "It works.");
  }
  EXPECT_EQ(standing().failed, 2U);
  EXPECT_EQ(standing().last_error, "");
  EXPECT_TRUE(failing().empty());
}

TEST_F(NotifierTest, GoesOnWhereItWasAfterARestart) {
  bool is_refusing = true;
  const tests::ScriptedHttpServer server{[&](const tests::RecordedRequest&) {
    return is_refusing ? answer(503, "") : answer(200, "");
  }};
  add_webhook("soc", server);
  notify("from before the sink was known");
  start();
  notify("one");
  notify("two");
  run_until([&] { return standing().failed == 2; });
  EXPECT_EQ(standing().waiting, 2U);
  stop();
  const std::size_t refused = server.requests().size();
  is_refusing = false;
  notify("three");
  start();
  run_until([&] { return standing().delivered == 3; });
  std::vector<std::string> taken;
  const auto requests = server.requests();
  for (std::size_t i = refused; i < requests.size(); ++i) {
    taken.push_back(text_in(requests[i]));
  }
  EXPECT_EQ(taken, (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_EQ(requests[refused].header("webhook-id"), requests[0].header("webhook-id"));
  EXPECT_EQ(standing().waiting, 0U);
}

TEST_F(NotifierTest, OneThatFailsIsToldOnceHoldsUpNoOtherAndIsResolved) {
  bool is_refusing = true;
  const tests::ScriptedHttpServer broken{[&](const tests::RecordedRequest&) {
    return is_refusing ? answer(404, "") : answer(200, "");
  }};
  const tests::ScriptedHttpServer good{
      [&](const tests::RecordedRequest&) { return answer(200, ""); }};
  add_webhook("broken", broken);
  add_webhook("good", good);
  start();
  notify("one");
  notify("two");
  run_until([&] { return standing(0).failed >= 8 && standing(1).delivered == 3; });
  ASSERT_EQ(failing().size(), 1U);
  EXPECT_EQ(failing().front().times, 1U);
  EXPECT_EQ(failing().front().text, failing_text("broken"));
  EXPECT_NE(failing().front().advice.find("HTTP 404"), std::string::npos);
  is_refusing = false;
  run_until([&] { return standing(0).delivered == 2; });
  EXPECT_TRUE(failing().empty());
  // The good one was told of the failure, the broken one was not.
  EXPECT_EQ(text_in(good.requests().back()), failing_text("broken"));
  EXPECT_EQ(standing(0).waiting, 0U);
}

TEST_F(NotifierTest, AReceiverThatIsGoneIsLeftAlone) {
  const tests::ScriptedHttpServer server{
      [&](const tests::RecordedRequest&) { return answer(410, ""); }};
  add_webhook("soc", server);
  start();
  notify("one");
  run_until([&] { return standing().is_off; });
  notify("two");
  io_->run_for(milliseconds{100});
  EXPECT_EQ(server.requests().size(), 1U);
  EXPECT_EQ(standing().waiting, 2U);
  ASSERT_EQ(failing().size(), 1U);
  EXPECT_EQ(failing().front().what, kSinkGone);
}

TEST_F(NotifierTest, ATestSaysWhatCameBackAndMovesNothing) {
  const tests::ScriptedHttpServer server{{answer(200, ""), answer(301, "", "Location: /x\r\n")}};
  add_webhook("soc", server);
  start();
  const auto taken = tests::run_task(*io_, notifier_->test("soc"));
  ASSERT_TRUE(taken.has_value());
  EXPECT_TRUE(taken->is_taken);
  EXPECT_EQ(boost::json::parse(server.requests().front().body).at("type").as_string(), "test");
  const auto refused = tests::run_task(*io_, notifier_->test("soc"));
  ASSERT_TRUE(refused.has_value());
  EXPECT_FALSE(refused->is_taken);
  EXPECT_NE(refused->detail.find("redirects are not followed"), std::string::npos);
  EXPECT_FALSE(tests::run_task(*io_, notifier_->test("other")).has_value());
  EXPECT_EQ(standing().delivered + standing().failed, 0U);
}

TEST(WebhookOutcome, RetryAfterIsHeardOfWhoIsOverloaded) {
  HttpResponse response;
  response.status = 429;
  response.headers = {{"Retry-After", "17"}};
  EXPECT_EQ(outcome_of(response).kind, Outcome::Kind::kRetry);
  EXPECT_EQ(outcome_of(response).asked_for, milliseconds{17'000});
  response.status = 403;
  EXPECT_EQ(outcome_of(response).kind, Outcome::Kind::kSlowly);
  EXPECT_FALSE(outcome_of(response).asked_for.has_value());
  response.status = 202;
  EXPECT_EQ(outcome_of(response).kind, Outcome::Kind::kTaken);
}

}  // namespace
}  // namespace directory

// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/notify/backlog.h"

#include "directory/detections/detections.h"
#include "directory/notify/sink_state.h"
#include "directory/store/records.h"
#include "directory/store/state_database.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "tests/directory/detections/written_detections.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;

class BacklogTest : public ::testing::Test {
 protected:
  BacklogTest()
      : database_(StateDatabase::open(folder_.path() / "state").value()), records_(*database_) {}

  void notify(const std::string& organization,
              const std::string& text,
              const std::string& what = "sync_failed") {
    Notification told;
    told.level = NotificationLevel::kWarning;
    told.what = what;
    told.organization = organization;
    told.text = text;
    told.last = kNow;
    ASSERT_TRUE(records_.notify(told).has_value());
  }

  // So many detections, one a second; every second one is of fabrikam.
  void detect(std::int64_t number) {
    std::vector<policy::DetectionRecord> written;
    for (std::int64_t i = 0; i < number; ++i) {
      written.push_back(tests::detection_at(kNow + i));
      written.back().organization = i % 2 == 0 ? "contoso" : "fabrikam";
    }
    tests::write_detections(folder_.path() / "kept", written);
    ASSERT_TRUE(detections_.catch_up().has_value());
  }

  Backlog backlog(std::set<std::string> organizations = {}) {
    return Backlog{{.records = &records_,
                    .detections = &detections_,
                    .sink = "soc",
                    .scope = {.organizations = std::move(organizations)}}};
  }

  static std::vector<std::string> texts(const std::vector<Notification>& notifications) {
    std::vector<std::string> texts;
    texts.reserve(notifications.size());
    for (const Notification& each : notifications) {
      texts.push_back(each.text);
    }
    return texts;
  }

  tests::TemporaryFolder folder_;
  std::unique_ptr<StateDatabase> database_;
  Records records_;
  Detections detections_{folder_.path() / "kept", folder_.path() / "own"};
};

TEST_F(BacklogTest, GivesTheOldestNotificationsAfterTheCursor) {
  notify("contoso", "one");
  notify("contoso", "two");
  notify("contoso", "three");
  SinkState state;
  state.notification = 1;
  EXPECT_EQ(texts(backlog().notifications(state, 10).value()),
            (std::vector<std::string>{"two", "three"}));
  EXPECT_EQ(texts(backlog().notifications(state, 1).value()), std::vector<std::string>{"two"});
  EXPECT_EQ(backlog().waiting(state, 1000).value(), 2U);
  EXPECT_EQ(backlog().waiting(state, 1).value(), 1U);
}

TEST_F(BacklogTest, PassesOverOtherOrganizationsAndWhatIsOfTheWholeInstallation) {
  notify("fabrikam", "theirs");
  notify("", "of all");
  notify("contoso", "ours");
  SinkState state;
  EXPECT_EQ(texts(backlog({"contoso"}).notifications(state, 1).value()),
            std::vector<std::string>{"ours"});
  EXPECT_EQ(state.notification, 2U);
  EXPECT_EQ(state.skipped, 0U);
}

TEST_F(BacklogTest, ASinkIsNotToldThatItFailsItself) {
  notify("", failing_text("soc"), kSinkFailing);
  notify("", failing_text("other"), kSinkFailing);
  notify("", gone_text("soc"), kSinkGone);
  SinkState state;
  EXPECT_EQ(texts(backlog().notifications(state, 10).value()),
            std::vector<std::string>{failing_text("other")});
}

TEST_F(BacklogTest, CountsOnceWhatWasDroppedBeforeItCouldBeSent) {
  constexpr std::uint64_t kKept = 10'000;
  for (std::uint64_t i = 0; i < kKept + 3; ++i) {
    notify("contoso", std::to_string(i));
  }
  SinkState state;
  state.notification = 1;
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(texts(backlog().notifications(state, 1).value()), std::vector<std::string>{"3"});
    EXPECT_EQ(state.skipped, 2U);
    EXPECT_EQ(state.unreported, 2U);
  }
}

TEST_F(BacklogTest, DetectionsComeInBatchesInTheirOrder) {
  detect(150);
  SinkState state;
  const auto first = backlog().detections(state).value();
  ASSERT_EQ(first.size(), Backlog::kMostDetections);
  EXPECT_EQ(first.front().time, kNow);
  EXPECT_EQ(first.back().id, state.batch_end);
  state.detection = state.batch_end;
  state.batch_end = {};
  EXPECT_EQ(backlog().detections(state).value().size(), 50U);
  EXPECT_EQ(backlog().waiting(state, 1000).value(), 50U);
}

TEST_F(BacklogTest, WhatASinkBeginsToTakeItGetsFromThenOn) {
  notify("contoso", "from before");
  detect(3);
  SinkState state;
  const Backlog without{{.records = &records_, .detections = nullptr, .sink = "soc", .scope = {}}};
  ASSERT_TRUE(without.begin(state, kNow - 100).has_value());
  notify("contoso", "since");
  ASSERT_TRUE(backlog().begin(state, kNow + 1).has_value());
  EXPECT_EQ(texts(backlog().notifications(state, 10).value()), std::vector<std::string>{"since"});
  EXPECT_EQ(backlog().detections(state).value().size(), 1U);
  const SinkState begun = state;
  ASSERT_TRUE(backlog().begin(state, kNow + 1000).has_value());
  EXPECT_EQ(state, begun);
}

TEST_F(BacklogTest, ABatchThatIsTriedAgainHoldsWhatItHeld) {
  detect(3);
  SinkState state;
  ASSERT_EQ(backlog({"contoso"}).detections(state).value().size(), 2U);
  const SinkState begun = state;
  detect(20);
  ASSERT_TRUE(write_sink_state(*database_, "soc", begun).has_value());
  SinkState known = *read_sink_state(*database_, "soc").value();
  EXPECT_EQ(known, begun);
  const auto again = backlog({"contoso"}).detections(known).value();
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again.back().time, kNow + 2);
  EXPECT_EQ(known.skipped, 0U);
}

TEST_F(BacklogTest, CountsTheBatchThatTheGatewayHasDropped) {
  detect(4);
  SinkState state;
  ASSERT_EQ(backlog().detections(state).value().size(), 4U);
  std::filesystem::remove_all(folder_.path() / "kept");
  tests::write_detections(folder_.path() / "kept", {tests::detection_at(kNow + 100)});
  ASSERT_TRUE(detections_.catch_up().has_value());
  EXPECT_TRUE(backlog().detections(state).value().empty());
  EXPECT_EQ(state.skipped, 4U);
  EXPECT_EQ(backlog().detections(state).value().size(), 1U);
}

}  // namespace
}  // namespace directory

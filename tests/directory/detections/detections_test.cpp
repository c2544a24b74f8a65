// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/detections.h"

#include "directory/detections/detection_counts.h"
#include "directory/detections/detection_filter.h"
#include "gateway/detections/detection_database.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"
#include "tests/directory/detections/written_detections.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

namespace fs = std::filesystem;
using policy::DetectionRecord;
using policy::Ulid;
using tests::detection_at;
using tests::write_detections;

constexpr std::int64_t kNow = 1'700'000'000;

class DetectionsTest : public ::testing::Test {
 protected:
  DetectionsTest() {
    detections_.listen([this](const DetectionRecord& record) { told_.push_back(record.time); });
  }

  fs::path folder() const { return folder_.path() / "detections"; }

  void catch_up() {
    const auto done = detections_.catch_up();
    EXPECT_TRUE(done.has_value()) << done.error().message;
  }

  // The times of the records of a page, from kNow on.
  std::vector<std::int64_t> times(DetectionFilter filter, const DetectionRange& range = {}) {
    const auto page = detections_.list(std::move(filter), range);
    std::vector<std::int64_t> found;
    if (!page.has_value()) {
      ADD_FAILURE() << page.error().message;
      return found;
    }
    for (const DetectionRecord& record : page->records) {
      found.push_back(record.time - kNow);
    }
    return found;
  }

  // Those of three records that pass the filter, of which the second differs by `change`.
  std::vector<std::int64_t> passing(const std::function<void(DetectionRecord&)>& change,
                                    const DetectionFilter& filter) {
    DetectionRecord other = detection_at(kNow + 1);
    change(other);
    write_detections(folder(), {detection_at(kNow), other, detection_at(kNow + 2)});
    catch_up();
    return times(filter);
  }

  using Times = std::vector<std::int64_t>;

  tests::TemporaryFolder folder_;
  Detections detections_{folder(), folder_.path() / "own"};
  std::vector<std::int64_t> told_;
};

TEST_F(DetectionsTest, ThatThereAreNoneYetIsNormal) {
  for (int i = 0; i < 2; ++i) {
    catch_up();
    EXPECT_TRUE(times({}).empty());
    EXPECT_FALSE(detections_.find(Ulid::first_of(kNow * 1000)).value().has_value());
    fs::create_directory(folder());
  }
  write_detections(folder(), {detection_at(kNow)});
  catch_up();
  EXPECT_EQ(times({}), Times{0});
  // There was none when the daemon began: it is new.
  EXPECT_EQ(told_, Times{kNow});
}

TEST_F(DetectionsTest, AreListedTheNewestFirstAndFoundById) {
  write_detections(folder(), {detection_at(kNow), detection_at(kNow + 1), detection_at(kNow + 2)});
  catch_up();
  EXPECT_EQ(times({}), (Times{2, 1, 0}));
  EXPECT_TRUE(told_.empty());
  const auto found = detections_.find(Ulid::first_of((kNow + 1) * 1000));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(*found, detection_at(kNow + 1));
}

TEST_F(DetectionsTest, AreFollowedWhileTheGatewayWritesThem) {
  auto gateway = gateway::DetectionDatabase::open(folder()).value();
  catch_up();
  for (std::int64_t i = 0; i < 5; ++i) {
    const DetectionRecord record = detection_at(kNow + i);
    ASSERT_TRUE(gateway->write({&record, 1}).has_value());
    catch_up();
    EXPECT_EQ(told_.size(), static_cast<std::size_t>(i) + 1);
  }
  // The gateway restarts, twice.
  for (std::int64_t i = 5; i < 7; ++i) {
    gateway.reset();
    write_detections(folder(), {detection_at(kNow + i)});
    catch_up();
    gateway = gateway::DetectionDatabase::open(folder()).value();
    catch_up();
  }
  EXPECT_EQ(times({}), (Times{6, 5, 4, 3, 2, 1, 0}));
  EXPECT_EQ(told_, (Times{kNow, kNow + 1, kNow + 2, kNow + 3, kNow + 4, kNow + 5, kNow + 6}));
}

TEST_F(DetectionsTest, GoOnWhenTheFolderIsMadeAnew) {
  write_detections(folder(), {detection_at(kNow)});
  catch_up();
  fs::remove_all(folder());
  catch_up();
  EXPECT_TRUE(times({}).empty());
  write_detections(folder(), {detection_at(kNow + 1)});
  catch_up();
  EXPECT_EQ(times({}), Times{1});
  EXPECT_EQ(told_, Times{kNow + 1});
}

TEST_F(DetectionsTest, ADatabaseThatCannotBeReadIsTriedAgain) {
  fs::create_directory(folder());
  tests::write_file(folder() / "CURRENT", "nonsense\n");
  const auto failed = detections_.catch_up();
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, policy::ErrorCode::kUnavailable);
  EXPECT_TRUE(times({}).empty());
  fs::remove_all(folder());
  write_detections(folder(), {detection_at(kNow)});
  catch_up();
  EXPECT_EQ(times({}), Times{0});
}

TEST_F(DetectionsTest, OnlySoManyAreToldAtOnce) {
  catch_up();
  std::vector<DetectionRecord> many;
  many.reserve(Detections::kMostTold + 10);
  for (std::size_t i = 0; i < Detections::kMostTold + 10; ++i) {
    many.push_back(detection_at(kNow + static_cast<std::int64_t>(i)));
  }
  write_detections(folder(), many);
  catch_up();
  EXPECT_EQ(told_.size(), Detections::kMostTold);
  catch_up();
  EXPECT_EQ(told_.size(), many.size());
  catch_up();
  EXPECT_EQ(told_.size(), many.size());
}

TEST_F(DetectionsTest, AreCountedByDayAndKind) {
  constexpr std::int64_t kDay = 86'400;
  std::vector<DetectionRecord> written{detection_at(kNow - (90 * kDay)),
                                       detection_at(kNow - kDay),
                                       detection_at(kNow - 1),
                                       detection_at(kNow)};
  written[2].finding = "ambiguous_from";
  written[2].disposition = "suspicious";
  write_detections(folder(), written);
  catch_up();
  EXPECT_FALSE(detections_.are_counts_whole());
  EXPECT_FALSE(detections_.take_older(kNow).value());
  EXPECT_TRUE(detections_.are_counts_whole());
  write_detections(folder(), {detection_at(kNow + 1)});
  catch_up();
  const auto days = detections_.counts().days({}, day_of(kNow) - 2, 3);
  EXPECT_EQ(days[0].total, 0U);
  EXPECT_EQ(days[1].total, 1U);
  EXPECT_EQ(days[2].total, 3U);
  EXPECT_EQ(days[2].findings,
            (std::map<std::string, std::uint64_t>{{"ambiguous_from", 1}, {"protected_name", 2}}));
  EXPECT_EQ(days[2].dispositions,
            (std::map<std::string, std::uint64_t>{{"spoof", 2}, {"suspicious", 1}}));
  EXPECT_EQ(detections_.counts().days({}, day_of(kNow) - 90, 1)[0].total, 0U);
  CountFilter foreign;
  foreign.organizations = {"fabrikam"};
  EXPECT_EQ(detections_.counts().days(foreign, day_of(kNow), 1)[0].total, 0U);

  EXPECT_FALSE(detections_.take_older(kNow + (90 * kDay)).value());
  EXPECT_EQ(detections_.counts().days({}, day_of(kNow), 1)[0].total, 0U);
}

TEST_F(DetectionsTest, OlderOnesAreCountedSomeAtATime) {
  std::vector<DetectionRecord> many;
  many.reserve(Detections::kMostTaken + 10);
  for (std::size_t i = 0; i < Detections::kMostTaken + 10; ++i) {
    many.push_back(detection_at(kNow + static_cast<std::int64_t>(i)));
  }
  write_detections(folder(), many);
  catch_up();
  const auto total = [&] { return detections_.counts().days({}, day_of(kNow), 1)[0].total; };
  EXPECT_TRUE(detections_.take_older(kNow).value());
  EXPECT_EQ(total(), Detections::kMostTaken);
  EXPECT_FALSE(detections_.take_older(kNow).value());
  EXPECT_EQ(total(), many.size());
}

// Pages of what is indexed in part are those of what is not indexed at all.
TEST_F(DetectionsTest, PagesAreTheSameWhateverIsIndexed) {
  std::vector<DetectionRecord> written;
  for (std::int64_t i = 0; i < 1'200; ++i) {
    written.push_back(detection_at(kNow + i));
    written.back().address = "sender" + std::to_string(i % 40) + "@freemail.example";
    written.back().organization = i % 3 == 0 ? "fabrikam" : "contoso";
  }
  write_detections(folder(), written);
  catch_up();
  const auto pages = [&] {
    std::vector<std::vector<std::int64_t>> all;
    for (const char* address : {"sender17@", "nobody@", ""}) {
      for (const std::optional<std::int64_t> since :
           {std::optional<std::int64_t>{}, {kNow + 600}}) {
        DetectionFilter filter;
        filter.address = address;
        filter.organizations = {"fabrikam"};
        filter.since = since;
        filter.until = kNow + 1'100;
        all.push_back(times(filter, {.before = {}, .after = {}, .limit = 7}));
        all.push_back(times(filter,
                            {.before = Ulid::first_of((kNow + 555) * 1000),
                             .after = Ulid::first_of((kNow + 50) * 1000),
                             .limit = 500}));
      }
    }
    return all;
  };
  const auto unindexed = pages();
  EXPECT_EQ(unindexed[0], (Times{1'017, 897, 777, 657, 537, 417, 297}));
  bool is_more = true;
  while (is_more) {
    is_more = detections_.take_older(kNow).value();
    EXPECT_EQ(pages(), unindexed);
  }
  // And of what comes later.
  written = {detection_at(kNow + 5'000)};
  write_detections(folder(), written);
  catch_up();
  EXPECT_EQ(times({}, {.before = {}, .after = {}, .limit = 2}), (Times{5'000, 1'199}));
}

// The gateway removes old ones while they are read.
TEST_F(DetectionsTest, WhatTheGatewayRemovesIsGone) {
  gateway::DetectionRetention retention;
  retention.age = std::chrono::hours{24};
  auto gateway = gateway::DetectionDatabase::open(folder(), retention).value();
  std::vector<DetectionRecord> written;
  for (std::int64_t i = 0; i < 400; ++i) {
    written.push_back(detection_at(kNow + (i * 600)));
  }
  ASSERT_TRUE(gateway->write(written).has_value());
  catch_up();
  ASSERT_FALSE(detections_.take_older(kNow).value());
  const std::int64_t now = kNow + (400 * 600);
  const auto removed = gateway->remove_old(now * 1000);
  ASSERT_TRUE(removed.has_value()) << removed.error().message;
  EXPECT_EQ(removed->before, Ulid::first_of((now - 86'400) * 1000));
  EXPECT_FALSE(removed->is_early);
  catch_up();
  static_cast<void>(detections_.take_older(now));
  const auto left = times({}, {.before = {}, .after = {}, .limit = 1'000});
  EXPECT_EQ(left.size(), 144U);
  EXPECT_EQ(left.back(), 256 * 600);
  EXPECT_FALSE(detections_.find(written.front().id).value().has_value());
  // And it goes on.
  const DetectionRecord later = detection_at(now);
  ASSERT_TRUE(gateway->write({&later, 1}).has_value());
  catch_up();
  EXPECT_EQ(times({}, {.before = {}, .after = {}, .limit = 1}), Times{now - kNow});
}

TEST_F(DetectionsTest, CountsAreOfTheFolderThatIsThere) {
  write_detections(folder(), {detection_at(kNow), detection_at(kNow + 1)});
  catch_up();
  EXPECT_FALSE(detections_.take_older(kNow).value());
  fs::remove_all(folder());
  catch_up();
  const auto total = [&] { return detections_.counts().days({}, day_of(kNow), 1)[0].total; };
  EXPECT_EQ(total(), 0U);
  write_detections(folder(), {detection_at(kNow + 2)});
  catch_up();
  EXPECT_FALSE(detections_.take_older(kNow).value());
  EXPECT_EQ(total(), 1U);
}

TEST_F(DetectionsTest, PagesFollowEachOther) {
  std::vector<DetectionRecord> written;
  written.reserve(5);
  for (std::int64_t i = 0; i < 5; ++i) {
    written.push_back(detection_at(kNow + i));
  }
  write_detections(folder(), written);
  catch_up();
  DetectionRange range;
  range.limit = 2;
  std::vector<Times> pages;
  do {
    pages.push_back(times({}, range));
    range.before = detections_.list({}, range).value().next;
  } while (range.before.has_value());
  EXPECT_EQ(pages, (std::vector<Times>{{4, 3}, {2, 1}, {0}}));
  range = {.before = written[4].id, .after = written[1].id};
  EXPECT_EQ(times({}, range), (Times{3, 2}));
  EXPECT_EQ(detections_.list({}, range).value().newest, written[4].id);
}

TEST_F(DetectionsTest, AFilterThatFewPassLooksAtABoundedNumber) {
  std::vector<DetectionRecord> many{detection_at(kNow)};
  many[0].rule = "rare";
  for (std::size_t i = 0; i < Detections::kMostScanned + 5; ++i) {
    many.push_back(detection_at(kNow + 1 + static_cast<std::int64_t>(i)));
  }
  write_detections(folder(), many);
  catch_up();
  DetectionFilter filter;
  filter.rule = "rare";
  const auto first = detections_.list(filter, {}).value();
  EXPECT_TRUE(first.records.empty());
  ASSERT_TRUE(first.next.has_value());
  const auto second = detections_.list(filter, {.before = first.next, .after = {}}).value();
  EXPECT_EQ(second.records.size(), 1U);
  EXPECT_FALSE(second.next.has_value());
}

TEST_F(DetectionsTest, DamagedRecordsAreLeftOutAndCounted) {
  catch_up();
  write_detections(folder(), {detection_at(kNow), detection_at(kNow + 2)});
  tests::write_octets(folder(), Ulid::first_of((kNow + 1) * 1000).text(), "{");
  tests::write_octets(
      folder(), Ulid::first_of((kNow + 3) * 1000).text(), encode_detection(detection_at(kNow + 9)));
  tests::write_octets(folder(), "no id", "{}");
  catch_up();
  EXPECT_EQ(times({}), (Times{2, 0}));
  EXPECT_EQ(detections_.list({}, {}).value().damaged, 3U);
  EXPECT_EQ(told_, (Times{kNow, kNow + 2}));
  EXPECT_EQ(detections_.damaged(), 2U);
  EXPECT_FALSE(detections_.find(Ulid::first_of((kNow + 1) * 1000)).value().has_value());
}

TEST_F(DetectionsTest, AnOrganizationSeesItsOwnAlone) {
  DetectionFilter filter;
  filter.organizations = {"fabrikam", "wingtip"};
  EXPECT_EQ(passing([](DetectionRecord& other) { other.organization = "fabrikam"; }, filter),
            Times{1});
  filter.organization = "contoso";
  EXPECT_TRUE(times(filter).empty());
  filter.organizations->clear();
  EXPECT_TRUE(times(filter).empty());
}

TEST_F(DetectionsTest, AreNarrowedByWords) {
  const auto change = [](DetectionRecord& other) {
    other.organization = "fabrikam";
    other.finding = "malformed_from";
    other.match = "";
    other.action = "reject";
    other.disposition = "malicious";
    other.rule = "executives";
  };
  DetectionFilter filter;
  filter.organization = "fabrikam";
  EXPECT_EQ(passing(change, filter), Times{1});
  filter.finding = "malformed_from";
  filter.match = "none";
  filter.action = "reject";
  filter.disposition = "malicious";
  filter.rule = "executives";
  EXPECT_EQ(times(filter), Times{1});
  filter.rule = "exec";
  EXPECT_TRUE(times(filter).empty());
  DetectionFilter exact;
  exact.match = "exact";
  EXPECT_EQ(times(exact), (Times{2, 0}));
}

TEST_F(DetectionsTest, AreNarrowedByTexts) {
  const auto change = [](DetectionRecord& other) {
    other.person = "Grace Hopper";
    other.address = "grace@navy.example";
    other.shown = {
        "GR\xe2\x80\x8b"
        "ACE \xef\xbc\xa8opper"};
    other.from = "hidden";
    other.message_id = "<7@navy.example>";
  };
  DetectionFilter filter;
  filter.person = "hOPP";
  EXPECT_EQ(passing(change, filter), Times{1});
  filter.address = "@NAVY";
  EXPECT_EQ(times(filter), Times{1});
  // What is shown is found however it is disguised.
  filter.text = "grace hopper";
  EXPECT_EQ(times(filter), Times{1});
  filter.text = "<7@navy";
  EXPECT_EQ(times(filter), Times{1});
  filter.text = "lovelace";
  EXPECT_TRUE(times(filter).empty());
  DetectionFilter sender;
  sender.address = "billing@";
  EXPECT_EQ(times(sender), (Times{2, 1, 0}));
}

TEST_F(DetectionsTest, AreNarrowedByTime) {
  DetectionFilter filter;
  filter.since = kNow + 1;
  EXPECT_EQ(passing([](DetectionRecord&) {}, filter), (Times{2, 1}));
  filter.until = kNow + 2;
  EXPECT_EQ(times(filter), Times{1});
  filter.since = 0;
  EXPECT_EQ(times(filter), (Times{1, 0}));
  DetectionRange range;
  range.before = Ulid::first_of((kNow + 1) * 1000);
  EXPECT_EQ(times(filter, range), Times{0});
  filter.until = 0;
  EXPECT_TRUE(times(filter).empty());
}

}  // namespace
}  // namespace directory

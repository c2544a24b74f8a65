// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "gateway/detections/detection_writer.h"

#include "gateway/detections/detection_database.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "policy/result.h"
#include "tests/gateway/detections/kept_detections.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace gateway {
namespace {

namespace fs = std::filesystem;

policy::DetectionRecord record_of(const std::string& queue_id) {
  policy::DetectionRecord record;
  record.organization = "contoso";
  record.finding = "protected_name";
  record.queue_id = queue_id;
  return record;
}

// True once the condition holds; false if it does not within a long time.
bool comes_true(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!condition() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  return condition();
}

class DetectionWriterTest : public ::testing::Test {
 protected:
  fs::path kept() const { return folder_.path() / "kept"; }

  DetectionWriterSettings settings() const {
    DetectionWriterSettings settings;
    settings.folder = kept();
    settings.first_retry = std::chrono::milliseconds{1};
    settings.longest_retry = std::chrono::milliseconds{20};
    return settings;
  }

  DetectionReports reports() {
    DetectionReports reports;
    reports.on_dropped = [this](std::uint64_t records) { dropped_ += records; };
    reports.on_failure = [this](const policy::Error&, bool is_new) {
      ++failures_;
      outages_ += is_new ? 1 : 0;
    };
    reports.on_recovery = [this] { ++recoveries_; };
    reports.on_early_removal = [this](std::int64_t /*before*/, bool is_new) {
      ++early_removals_;
      early_warnings_ += is_new ? 1 : 0;
    };
    return reports;
  }

  // What stands where the folder should be, so that nothing can be opened there.
  void block() const { tests::write_file(kept(), "no folder"); }

  tests::TemporaryFolder folder_;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::atomic<int> failures_ = 0;
  std::atomic<int> outages_ = 0;
  std::atomic<int> recoveries_ = 0;
  std::atomic<int> early_removals_ = 0;
  std::atomic<int> early_warnings_ = 0;
};

TEST_F(DetectionWriterTest, WhatIsKeptIsThereAfterTheEndInOrder) {
  std::vector<policy::Ulid> ids;
  {
    DetectionWriter writer{settings(), reports()};
    for (int i = 0; i < 1200; ++i) {
      ids.push_back(writer.keep(record_of(std::to_string(i))));
    }
  }
  const auto records = kept_detections(kept());
  ASSERT_EQ(records.size(), ids.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(records[i].id, ids[i]);
    EXPECT_EQ(records[i].queue_id, std::to_string(i));
  }
  EXPECT_EQ(dropped_, 0U);
  EXPECT_EQ(failures_, 0);
}

TEST_F(DetectionWriterTest, ASuccessorOpensTheDatabaseAndGetsWhatComesLater) {
  DetectionWriter writer{settings(), reports()};
  EXPECT_FALSE(writer.keep(record_of("before")).is_nil());
  std::atomic<int> passed_on = 0;
  {
    DetectionWriter successor{settings(), reports()};
    EXPECT_GE(failures_, 1) << "the database is still the first writer's";
    const auto when_closed = [&] { EXPECT_EQ(passed_on, 0); };
    writer.leave_to(when_closed, [&](const policy::DetectionRecord& record) {
      EXPECT_EQ(record.queue_id, "after");
      EXPECT_FALSE(successor.keep(record).is_nil());
      ++passed_on;
      return true;
    });
    EXPECT_TRUE(writer.keep(record_of("after")).is_nil());
    EXPECT_TRUE(comes_true([&] { return passed_on == 1; }));
    EXPECT_TRUE(comes_true([&] { return recoveries_ == 1; }));
  }
  // Two writers' identifiers of the same millisecond stand in no order.
  std::multiset<std::string> kept_messages;
  for (const policy::DetectionRecord& record : kept_detections(kept())) {
    kept_messages.insert(record.queue_id);
  }
  EXPECT_EQ(kept_messages, (std::multiset<std::string>{"before", "after"}));
  EXPECT_EQ(dropped_, 0U);
}

TEST_F(DetectionWriterTest, WhatCannotBeWrittenGoesToTheSuccessorAndWhatThatRefusesIsCounted) {
  block();
  DetectionWriter writer{settings(), reports()};
  static_cast<void>(writer.keep(record_of("taken")));
  std::vector<std::string> offered;
  const auto when_closed = [&] { EXPECT_TRUE(offered.empty()); };
  writer.leave_to(when_closed, [&](const policy::DetectionRecord& record) {
    offered.push_back(record.queue_id);
    return record.queue_id == "taken";
  });
  static_cast<void>(writer.keep(record_of("refused")));
  EXPECT_TRUE(comes_true([&] { return dropped_ == 1; }));
  EXPECT_EQ(offered, (std::vector<std::string>{"taken", "refused"}));
}

TEST_F(DetectionWriterTest, ManyThreadsLoseNothing) {
  constexpr int kThreads = 4;
  constexpr int kEach = 200;
  {
    DetectionWriter writer{settings(), reports()};
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < kEach; ++j) {
          static_cast<void>(writer.keep(record_of("x")));
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
  EXPECT_EQ(kept_detections(kept()).size(), std::size_t{kThreads} * kEach);
}

TEST_F(DetectionWriterTest, AnotherStartGoesOnBehindTheLastId) {
  policy::DetectionRecord future = record_of("future");
  future.id = policy::Ulid::first_of(32'000'000'000'000);
  ASSERT_TRUE(DetectionDatabase::open(kept()).value()->write({&future, 1}).has_value());
  {
    DetectionWriter writer{settings(), reports()};
    EXPECT_GT(writer.keep(record_of("next")), future.id);
  }
  EXPECT_EQ(kept_detections(kept()).back().queue_id, "next");
}

TEST_F(DetectionWriterTest, AFullQueueDropsTheRecordAndCountsIt) {
  block();
  DetectionWriterSettings few = settings();
  few.most_records = 3;
  {
    DetectionWriter writer{few, reports()};
    // The thread may have taken one batch out of the queue.
    std::size_t given = 0;
    for (int i = 0; i < 10; ++i) {
      given += writer.keep(record_of("x")).is_nil() ? 0U : 1U;
    }
    EXPECT_LE(given, 6U);
    EXPECT_GE(given, 3U);
    EXPECT_EQ(dropped_, 10 - given);
  }
  // At the end those that waited are lost too.
  EXPECT_EQ(dropped_, 10U);
  EXPECT_EQ(outages_, 1);
}

TEST_F(DetectionWriterTest, AQueueIsFullByItsOctetsToo) {
  block();
  DetectionWriterSettings small = settings();
  small.most_octets = 10'000;
  DetectionWriter writer{small, reports()};
  policy::DetectionRecord large = record_of("large");
  large.helo.assign(20'000, 'h');
  EXPECT_TRUE(writer.keep(large).is_nil());
  EXPECT_FALSE(writer.keep(record_of("small")).is_nil());
}

TEST_F(DetectionWriterTest, ADatabaseThatCannotBeOpenedIsTriedAgain) {
  block();
  {
    DetectionWriter writer{settings(), reports()};
    EXPECT_FALSE(writer.keep(record_of("early")).is_nil());
    EXPECT_TRUE(comes_true([&] { return failures_ > 2; }));
    EXPECT_EQ(outages_, 1);
    fs::remove(kept());
    EXPECT_TRUE(comes_true([&] { return recoveries_ == 1; }));
    EXPECT_FALSE(writer.keep(record_of("late")).is_nil());
  }
  const auto records = kept_detections(kept());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].queue_id, "early");
  EXPECT_EQ(records[1].queue_id, "late");
  EXPECT_EQ(dropped_, 0U);
}

TEST_F(DetectionWriterTest, AFolderThatIsRemovedIsMadeAnew) {
  DetectionWriter writer{settings(), reports()};
  const policy::Ulid first = writer.keep(record_of("first"));
  fs::remove_all(kept());
  EXPECT_GT(writer.keep(record_of("second")), first);
  EXPECT_TRUE(comes_true([&] { return fs::exists(kept() / "CURRENT"); }));
}

TEST_F(DetectionWriterTest, ASecondGatewayIsRefused) {
  const DetectionWriter writer{settings(), reports()};
  EXPECT_FALSE(DetectionDatabase::open(kept()).has_value());
}

TEST_F(DetectionWriterTest, TheGroupMayReadTheFolder) {
  const auto opened = DetectionDatabase::open(kept());
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(fs::status(kept()).permissions(), fs::perms{0750});
}

}  // namespace
}  // namespace gateway

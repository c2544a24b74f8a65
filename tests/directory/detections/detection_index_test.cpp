// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/detection_index.h"

#include "directory/detections/detection_filter.h"
#include "policy/detection_record/detection_record.h"
#include "policy/detection_record/ulid.h"
#include "tests/directory/detections/written_detections.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace directory {
namespace {

using policy::DetectionRecord;
using policy::Ulid;

constexpr std::int64_t kNow = 1'700'000'000;

// Records that differ in what filters ask for, one a second.
std::vector<DetectionRecord> various(std::size_t number, std::mt19937& random) {
  constexpr std::array<std::string_view, 4> kPeople{"Ada Lovelace",
                                                    "\xC3\x85sa \xC3\x96"
                                                    "berg",
                                                    "Grace Hopper",
                                                    ""};
  std::vector<DetectionRecord> records;
  records.reserve(number);
  for (std::size_t i = 0; i < number; ++i) {
    DetectionRecord record = tests::detection_at(kNow + static_cast<std::int64_t>(i));
    record.organization = random() % 3 == 0 ? "fabrikam" : "contoso";
    record.person = kPeople[random() % kPeople.size()];
    record.match = random() % 4 == 0 ? "" : "lookalike";
    record.rule = "rule " + std::to_string(random() % 50);
    record.address = "sender" + std::to_string(random() % 400) + "@freemail.example";
    record.recipients = {"box" + std::to_string(random() % 900) + "@contoso.com"};
    record.message_id = "<" + std::to_string(random()) + "@mail.example>";
    records.push_back(record);
  }
  return records;
}

DetectionFilter some_filter(const std::vector<DetectionRecord>& records, std::mt19937& random) {
  const DetectionRecord& like = records[random() % records.size()];
  DetectionFilter filter;
  switch (random() % 7) {
    case 0: filter.address = like.address; break;
    case 1: filter.text = like.message_id.substr(2, 6); break;
    case 2: filter.text = like.recipients.front(); break;
    case 3:
      filter.person = "lOVE";
      filter.rule = like.rule;
      break;
    case 4:
      filter.match = "none";
      filter.organizations = {"fabrikam", "northwind"};
      break;
    case 5: filter.person = "\xC3\xA5SA"; break;
    default:
      filter.text = "SENDER1";
      filter.organization = "contoso";
      break;
  }
  return filter;
}

std::vector<Ulid> candidates(const DetectionIndex& index,
                             const DetectionFilter& filter,
                             const Ulid& before = {},
                             const Ulid& after = {}) {
  std::vector<Ulid> ids;
  index.for_each_candidate(filter, before, after, [&](const Ulid& id) {
    ids.push_back(id);
    return true;
  });
  return ids;
}

TEST(DetectionIndexTest, LeavesOutNoneThatPasses) {
  std::mt19937 random{11};
  const auto records = various(1500, random);
  DetectionIndex index;
  // The later half as they come, the earlier ones from the newest down.
  const std::size_t half = records.size() / 2;
  for (std::size_t i = half; i < records.size(); ++i) {
    index.add(records[i]);
  }
  for (std::size_t i = half; i > 0; --i) {
    index.add(records[i - 1]);
  }
  ASSERT_EQ(index.size(), records.size());
  for (int round = 0; round < 200; ++round) {
    const DetectionFilter filter = some_filter(records, random);
    const DetectionSieve sieve{filter};
    const auto found = candidates(index, filter);
    EXPECT_TRUE(std::ranges::is_sorted(found, std::ranges::greater{}));
    std::size_t passing = 0;
    for (const DetectionRecord& record : records) {
      if (sieve.passes(record)) {
        ++passing;
        EXPECT_TRUE(std::ranges::count(found, record.id) == 1) << "round " << round;
      }
    }
    EXPECT_LE(passing, found.size());
  }
}

TEST(DetectionIndexTest, ARareTextLeavesFewToRead) {
  std::mt19937 random{12};
  auto records = various(20'000, random);
  records[7'000].address = "mallory4711@elsewhere.example";
  DetectionIndex index;
  for (const DetectionRecord& record : records) {
    index.add(record);
  }
  DetectionFilter filter;
  filter.address = "mallory4711@";
  const auto found = candidates(index, filter);
  EXPECT_TRUE(std::ranges::count(found, records[7'000].id) == 1);
  EXPECT_LE(found.size(), 300U);
}

TEST(DetectionIndexTest, KeepsToTheBoundsOfAPage) {
  std::mt19937 random{13};
  const auto records = various(1000, random);
  DetectionIndex index;
  for (const DetectionRecord& record : records) {
    index.add(record);
  }
  const auto found = candidates(index, {}, records[700].id, records[300].id);
  ASSERT_EQ(found.size(), 399U);
  EXPECT_EQ(found.front(), records[699].id);
  EXPECT_EQ(found.back(), records[301].id);
  index.forget_before(records[500].id);
  EXPECT_GT(index.oldest(), records[300].id);
  EXPECT_LE(index.oldest(), records[500].id);
  EXPECT_EQ(candidates(index, {}).size(), index.size());
}

TEST(DetectionIndexTest, AWordThatNoRecordHasFindsNothing) {
  DetectionIndex index;
  index.add(tests::detection_at(kNow));
  DetectionFilter filter;
  filter.action = "reject";
  EXPECT_TRUE(candidates(index, filter).empty());
  filter.action = "tag";
  EXPECT_EQ(candidates(index, filter).size(), 1U);
}

}  // namespace
}  // namespace directory

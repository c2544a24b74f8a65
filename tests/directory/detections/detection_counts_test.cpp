// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
#include "directory/detections/detection_counts.h"

#include "policy/detection_record/detection_record.h"
#include "tests/directory/detections/written_detections.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace directory {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;
constexpr std::int64_t kDay = 86'400;

policy::DetectionRecord detection(std::int64_t day,
                                  const std::string& organization,
                                  const std::string& person,
                                  const std::string& address) {
  policy::DetectionRecord record = tests::detection_at(kNow + (day * kDay));
  record.organization = organization;
  record.person = person;
  record.address = address;
  return record;
}

std::vector<std::pair<std::string, std::uint64_t>> names(const Ranking& ranking) {
  std::vector<std::pair<std::string, std::uint64_t>> names;
  for (const RankedName& each : ranking.names) {
    names.emplace_back(each.organization.empty() ? each.name : each.organization + "/" + each.name,
                       each.total);
  }
  return names;
}

using Names = std::vector<std::pair<std::string, std::uint64_t>>;

TEST(DetectionCountsTest, RankPeopleAndSendersOverDays) {
  DetectionCounts counts;
  counts.add(detection(0, "contoso", "Ada", "a@x.example"));
  counts.add(detection(1, "contoso", "Ada", "b@x.example"));
  counts.add(detection(1, "fabrikam", "Ada", "b@x.example"));
  counts.add(detection(2, "fabrikam", "Grace", "b@x.example"));
  const std::int64_t first = day_of(kNow);
  EXPECT_EQ(names(counts.top_people({}, first, 3, 10)),
            (Names{{"contoso/Ada", 2}, {"fabrikam/Ada", 1}, {"fabrikam/Grace", 1}}));
  EXPECT_EQ(names(counts.top_senders({}, first, 3, 10)),
            (Names{{"b@x.example", 3}, {"a@x.example", 1}}));
  EXPECT_EQ(names(counts.top_senders({}, first, 3, 1)), (Names{{"b@x.example", 3}}));
  EXPECT_EQ(names(counts.top_people({}, first + 2, 5, 10)), (Names{{"fabrikam/Grace", 1}}));
  CountFilter contoso;
  contoso.organizations = {"contoso"};
  EXPECT_EQ(names(counts.top_senders(contoso, first, 3, 10)),
            (Names{{"a@x.example", 1}, {"b@x.example", 1}}));
}

TEST(DetectionCountsTest, TellMatchesAndActions) {
  DetectionCounts counts;
  auto record = tests::detection_at(kNow);
  counts.add(record);
  record.match = "";
  record.action = "reject";
  counts.add(record);
  const auto day = counts.days({}, day_of(kNow), 1).front();
  EXPECT_EQ(day.matches, (std::map<std::string, std::uint64_t>{{"exact", 1}, {"none", 1}}));
  EXPECT_EQ(day.actions, (std::map<std::string, std::uint64_t>{{"reject", 1}, {"tag", 1}}));
}

TEST(DetectionCountsTest, AFloodOfAddressesIsCountedTogether) {
  DetectionCounts counts;
  constexpr std::size_t kFlood = 5 * DetectionCounts::kMostSenders;
  for (std::size_t i = 0; i < kFlood; ++i) {
    counts.add(detection(0, "contoso", "Ada", "x" + std::to_string(i) + "@x.example"));
    if (i % 100 == 0) {
      counts.add(detection(0, "contoso", "Ada", "often@x.example"));
    }
  }
  const Ranking ranking = counts.top_senders({}, day_of(kNow), 1, kFlood);
  EXPECT_LE(ranking.names.size(), DetectionCounts::kMostSenders);
  EXPECT_EQ(ranking.names.front().name, "often@x.example");
  std::uint64_t sum = ranking.uncounted;
  for (const RankedName& each : ranking.names) {
    sum += each.total;
  }
  EXPECT_EQ(sum, kFlood + (kFlood / 100));
}

}  // namespace
}  // namespace directory
